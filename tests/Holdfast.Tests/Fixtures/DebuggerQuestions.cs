using Holdfast.Common;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Node;
using Holdfast.Sources.CoreDump.Debugging.Values;

namespace Holdfast.Tests.Fixtures;

/// <summary>Asks a core everything a debugger can be asked, for cores that may be damaged.</summary>
internal static class DebuggerQuestions
{
    private const int MostValues = 3000;

    /// <returns>How many answers there were.</returns>
    public static int AskAll(CoreSession core, Work work)
    {
        var reader = new ValueReader(core, new ValueOptions(2, 20, 500) { WithMap = true, WithSource = true }, MostValues);
        int answers = 0;
        for (int i = 0; i < core.Heap.Count; i += Math.Max(1, core.Heap.Count / MostValues))
        {
            _ = reader.Read(core.Heap[i].Address, 2);
            answers++;
        }

        core.StartQuestion();
        answers += core.Census(work).Classes().Count + core.Census(work).Shapes(work).Count;
        core.StartQuestion();
        answers += FunctionList.Functions(core, _ => true, work).Count + FunctionList.Constructors(core, _ => true, work).Count;
        var search = new ReferenceSearch(core, work);
        foreach (int i in core.Census(work).InstancesOf(_ => true).Take(20)) answers += search.ToObject(core.Heap[i], 3).Count;
        answers += search.ByName("name").Count + search.ToText("a", 2).Count + search.ToNumber(0.5).Count + search.ToNumber(1).Count;
        var handles = new HandleList(core, work);
        answers += handles.Handles().Count + handles.Requests().Count + new WorkQueue(core, work).Pending().Count + ModuleList.Run(core, work).Count;
        return answers + ProcessReader.Run(core, withValues: true, work).Facts.Count;
    }
}
