using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>Functions' shared parts, scripts, bytecode and machine code.</summary>
internal sealed partial class HeapExplorer
{
    private const int ConstantPoolDepth = 3;

    private readonly Dictionary<int, int> _poolDepths = [];

    private void ExploreShared(HeapObject shared)
    {
        if (_version >= 1204) Tag(shared.Index, "(shared function info)");
        TagCode(shared);
        if (_heap.TryFollow(shared, _layout.SharedName, out HeapObject scope) && scope.Kind == ObjectKind.ScopeInfo) Tag(scope.Index, "(function scope info)");
        _sink.Internal("name_or_scope_info", shared[_layout.SharedName], _layout.SharedName);
        _sink.Internal(_version < 1204 ? "script_or_debug_info" : "script", shared[_layout.SharedScript], _layout.SharedScript);
        if (_version >= 1306)
        {
            _sink.Internal("trusted_function_data", shared[8], 8);
            _sink.Internal("untrusted_function_data", shared[16], 16);
        }
        else
        {
            _sink.Internal("function_data", shared[8], 8);
        }

        _sink.Internal("raw_outer_scope_info_or_feedback_metadata", shared[_layout.SharedFeedbackMetadata], _layout.SharedFeedbackMetadata);
    }

    /// <summary>Names the machine code a function has of its own: compiled without optimization.</summary>
    private void TagCode(HeapObject shared)
    {
        if (!_heap.TryFollow(shared, _layout.SharedFunctionData, out HeapObject code) || code.Kind is not (ObjectKind.Code or ObjectKind.CodeDataContainer)) return;
        TagCode(code, _functions.DebugName(shared));
    }

    private void TagCode(HeapObject code, string name)
    {
        string kind = CodeKind(code);
        Tag(code.Index, name.Length > 0 ? $"(code for {name})" : $"({kind} code)");
        if (_version >= 1204 && _heap.TryFollow(code, _layout.CodeInstructions, out HeapObject stream))
            Tag(stream.Index, name.Length > 0 ? $"(instruction stream for {name})" : $"({kind} instruction stream)");
    }

    private string CodeKind(HeapObject code)
    {
        int kind = code.Int32(_layout.CodeFlags) & 15;
        return kind == _layout.BaselineKind ? "BASELINE" : kind == _layout.BaselineKind + 1 ? "MAGLEV" : kind == _layout.BaselineKind + 2 ? "TURBOFAN" : "BUILTIN";
    }

    private void ExploreScript(HeapObject script)
    {
        _sink.Internal("source", script[8], 8);
        _sink.Internal("name", script[16], 16);
        _sink.Internal("context_data", script[40], 40);
        TagField(script, 56, "(script line ends)", NodeType.Code);
        _sink.Internal("line_ends", script[56], 56);
        TagField(script, 88, _version < 1306 ? "(shared function infos)" : "(infos)", NodeType.Code);
        TagField(script, _layout.ScriptHostOptions, "(host-defined options)", NodeType.Code);
        if (_version < 1306) return;
        _sink.Internal("eval_from_shared_or_wrapped_arguments", script[72], 72);
        _sink.Internal("infos", script[88], 88);
    }

    private void ExploreCode(HeapObject code)
    {
        if (code.Traits.Body == ObjectBody.Instructions || _version < 1204)
        {
            TagField(code, 8, "(code relocation info)", NodeType.Code);
            _sink.Internal("relocation_info", code[8], 8);
        }

        if (_version >= 1103)
        {
            if (_heap.IndexOf(code[_layout.CodeInstructions]) < 0) return;
            _sink.Internal("instruction_stream", code[_layout.CodeInstructions], _layout.CodeInstructions);
        }

        int data = _layout.CodeDeoptimizationData, positions = _layout.CodePositions;
        if ((code.Int32(_layout.CodeFlags) & 15) == _layout.BaselineKind)
        {
            TagField(code, data, "(interpreter data)");
            _sink.Internal("interpreter_data", code[data], data);
            TagField(code, positions, "(bytecode offset table)", NodeType.Code);
            _sink.Internal("bytecode_offset_table", code[positions], positions);
            return;
        }

        TagField(code, data, "(code deopt data)", NodeType.Code);
        _sink.Internal("deoptimization_data", code[data], data);
        if (_heap.TryFollow(code, data, out HeapObject deoptimization))
        {
            // Frame translation, literals, and where functions were inlined.
            TagField(deoptimization, V8Layout.ArrayData, "(code deopt data)", NodeType.Code);
            TagField(deoptimization, V8Layout.ArrayData + (8 * _layout.DeoptimizationLiterals), "(code deopt data)", NodeType.Code);
            TagField(deoptimization, V8Layout.ArrayData + (8 * _layout.DeoptimizationInlining), "(code deopt data)", NodeType.Code);
        }

        TagField(code, positions, "(source position table)", NodeType.Code);
        _sink.Internal("source_position_table", code[positions], positions);
    }

    private void ExploreInstructions(HeapObject stream)
    {
        if (_version >= 1204) TagField(stream, 8, "(code)", NodeType.Code);
        _sink.Internal("code", stream[8], 8);
        if (_version < 1204) return;
        TagField(stream, 16, "(code relocation info)", NodeType.Code);
        _sink.Internal("relocation_info", stream[16], 16);
    }

    private void ExploreBytecode(HeapObject bytecode)
    {
        if (_heap.IndexOf(bytecode[_layout.BytecodeConstants]) is >= 0 and var pool) TagConstantPool(pool, ConstantPoolDepth);
        TagField(bytecode, _layout.BytecodeHandlers, "(handler table)", NodeType.Code);
        TagField(bytecode, _layout.BytecodePositions, "(source position table)", NodeType.Code);
    }

    private void TagConstantPool(int pool, int depth)
    {
        // Once is enough, however many lists have it.
        if (_poolDepths.GetValueOrDefault(pool) >= depth) return;
        _poolDepths[pool] = depth;
        HeapObject list = _heap[pool];
        if (list.Traits.Name is "NAME_DICTIONARY" or "NUMBER_DICTIONARY")
        {
            Tag(pool, "(constant pool)", NodeType.Code);
            return;
        }

        if (list.Traits.Name is not ("FIXED_ARRAY" or "TRUSTED_FIXED_ARRAY")) return;
        Tag(pool, "(constant pool)", NodeType.Code);
        if (list.Traits.Name == "TRUSTED_FIXED_ARRAY") Rename(pool, "(constant pool)");
        if (--depth == 0) return;
        foreach (ulong word in list.WordsFrom(V8Layout.ArrayData))
        {
            if (_heap.IndexOf(word) is >= 0 and var inner && _heap.MapOf(inner).Traits.Name is "FIXED_ARRAY" or "TRUSTED_FIXED_ARRAY" or "NAME_DICTIONARY" or "NUMBER_DICTIONARY")
                TagConstantPool(inner, depth);
        }
    }

    private void Rename(int index, string name)
    {
        if (_numbers.Of(index) is >= 0 and var node) _nodes.Names[(int)node] = _names.Of(name);
    }

    private void ExploreFeedback(HeapObject vector)
    {
        foreach (ulong word in vector.WordsFrom(_layout.FeedbackVectorHeader))
        {
            if (_heap.IndexOf(word) is >= 0 and var index && (word & 2) == 0 && _heap.MapOf(index).Traits.Name is "WEAK_FIXED_ARRAY" or "FIXED_ARRAY")
                Tag(index, "(feedback)", NodeType.Code);
        }
    }

    private void TagLocalNames(HeapObject scope)
    {
        int at = (_version >= 1306 ? 48 : 32) + (_scopes.Flags(scope).IsModule && _version >= 1204 ? 8 : 0);
        TagField(scope, at, "(context local names)", NodeType.Code);
    }
}
