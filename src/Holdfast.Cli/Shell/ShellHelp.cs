using System.Text;
using Holdfast.Commands;

namespace Holdfast.Cli.Shell;

/// <summary>What the shell says of itself.</summary>
internal static class ShellHelp
{
    private const string Rest = """

        help COMMAND   more of one, with its options     help words   llnode's and mdb's words
        history        lines typed before                quit, exit   or Ctrl-D

        IN is left out: it is what the shell was opened with. Where a command takes several snapshots, the shell's comes first,
        and the others are given; $in says where it goes instead: diff before.heapsnapshot $in

        $_             the first object of the last answer that had one: inspect $_
        $1, $2 …       the objects of its rows, from the top: paths $3
        … | COMMAND    gives the answer to a command of your system: strings --limit 0 | grep http, find Map | head 5
        … --format json, -o FILE, --limit N, as on the command line; 'quotes' around names with blanks; ; between commands; # comment

        Tab completes commands, options, classes, properties, and objects seen before. Ctrl-R searches the history, which is kept in
        ~/.local/state/holdfast/history (HOLDFAST_HISTORY=FILE, or off; a line that begins with a blank is not kept).
        Ctrl-C ends a command that takes too long. Long answers go through $PAGER, or less.

        """;

    public static string Overview()
    {
        var text = new StringBuilder();
        int width = CommandRegistry.ForShell.Max(c => c.Name.Length);
        foreach (Command command in CommandRegistry.ForShell) text.Append($"{command.Name.PadRight(width)}  {command.Summary}\n");
        return text.Append(Rest).ToString();
    }

    public static string Words()
    {
        var text = new StringBuilder("What llnode and mdb_v8 call it, and what it is here. `v8` may be left out; options are understood, too.\n\n");
        (string Theirs, string Ours)[] all = [.. ForeignWords.All];
        int width = all.Max(w => w.Theirs.Length);
        foreach ((string theirs, string ours) in all)
        {
            bool isHere = ours == "help" || CommandRegistry.ForShell.Any(c => c.Name == ours.Split(' ')[0]);
            text.Append($"{theirs.PadRight(width)}  {ours}{(isHere ? "" : " (not in this version)")}\n");
        }

        return text.ToString();
    }
}
