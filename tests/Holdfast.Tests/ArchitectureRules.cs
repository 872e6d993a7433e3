using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Holdfast.Tests;

/// <summary>
/// Who may use whom, read from a built assembly: every type that a type's members, bodies and attributes name.
/// What the compiler and source generators add under other namespaces counts as the library's own and is passed over.
/// </summary>
internal sealed class ArchitectureRules(string assemblyPath, string rootNamespace)
{
    /// <summary>Uses of namespaces that the rules do not allow.</summary>
    /// <param name="allowed">For each namespace below the root, those below the root it may use beside itself. The longest match counts.</param>
    public List<string> FindForbiddenUses(IReadOnlyDictionary<string, string[]> allowed)
    {
        return FindUses((from, to) =>
        {
            if (!IsWithin(to.Namespace, rootNamespace)) return false;
            string? rule = allowed.Keys.Where(k => IsWithin(from.Namespace, Full(k))).MaxBy(k => k.Length);
            if (rule is null) return true;
            return !IsWithin(to.Namespace, Full(rule)) && !allowed[rule].Any(a => IsWithin(to.Namespace, Full(a)));
        });
    }

    /// <summary>Uses of one type, or of a whole namespace, outside the namespaces below the root that may.</summary>
    public List<string> FindUsesOf(string fullName, params string[] allowedIn) =>
        FindUses((from, to) => (to.FullName == fullName || IsWithin(to.Namespace, fullName))
            && !allowedIn.Any(a => IsWithin(from.Namespace, Full(a))));

    /// <summary>Types with a pointer in a field, a signature or a local variable, outside the namespaces that may.</summary>
    public List<string> FindPointers(params string[] allowedIn)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        foreach (TypeDefinition type in OwnTypes(assembly))
        {
            TypeDefinition owner = Outermost(type);
            if (allowedIn.Any(a => IsWithin(owner.Namespace, Full(a)))) continue;
            bool has = type.Fields.Any(f => IsPointer(f.FieldType)) || type.Methods.Any(m =>
                IsPointer(m.ReturnType) || m.Parameters.Any(p => IsPointer(p.ParameterType))
                || (m.HasBody && m.Body.Variables.Any(v => IsPointer(v.VariableType))));
            if (has) found.Add($"{owner.FullName} uses pointers");
        }

        return [.. found];
    }

    private List<string> FindUses(Func<TypeReference, TypeReference, bool> isForbidden)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        foreach (TypeDefinition type in OwnTypes(assembly))
        {
            TypeDefinition owner = Outermost(type);
            foreach (TypeReference used in UsesOf(type).SelectMany(Unfold))
            {
                if (isForbidden(owner, used)) found.Add($"{owner.FullName} uses {used.FullName}");
            }
        }

        return [.. found];
    }

    private IEnumerable<TypeDefinition> OwnTypes(AssemblyDefinition assembly) =>
        assembly.MainModule.GetAllTypes().Where(t => IsWithin(Outermost(t).Namespace, rootNamespace));

    private static IEnumerable<TypeReference> UsesOf(TypeDefinition type)
    {
        if (type.BaseType is not null) yield return type.BaseType;
        foreach (InterfaceImplementation implemented in type.Interfaces) yield return implemented.InterfaceType;
        foreach (TypeReference used in ConstraintsOf(type)) yield return used;
        foreach (TypeReference used in AttributesOf(type)) yield return used;
        foreach (FieldDefinition field in type.Fields)
        {
            yield return field.FieldType;
            foreach (TypeReference used in AttributesOf(field)) yield return used;
        }

        foreach (PropertyDefinition property in type.Properties)
        {
            foreach (TypeReference used in AttributesOf(property)) yield return used;
        }

        foreach (MethodDefinition method in type.Methods)
        {
            foreach (TypeReference used in UsesOf(method)) yield return used;
        }
    }

    private static IEnumerable<TypeReference> UsesOf(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (ParameterDefinition parameter in method.Parameters) yield return parameter.ParameterType;
        foreach (TypeReference used in ConstraintsOf(method)) yield return used;
        foreach (TypeReference used in AttributesOf(method)) yield return used;
        if (!method.HasBody) yield break;
        foreach (VariableDefinition variable in method.Body.Variables) yield return variable.VariableType;
        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
        {
            if (handler.CatchType is not null) yield return handler.CatchType;
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            foreach (TypeReference used in UsesOf(instruction)) yield return used;
        }
    }

    private static IEnumerable<TypeReference> UsesOf(Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                yield return type;
                break;
            case FieldReference field:
                yield return field.DeclaringType;
                yield return field.FieldType;
                break;
            case MethodReference method:
                yield return method.DeclaringType;
                yield return method.ReturnType;
                foreach (ParameterDefinition parameter in method.Parameters) yield return parameter.ParameterType;
                if (method is GenericInstanceMethod instance)
                {
                    foreach (TypeReference argument in instance.GenericArguments) yield return argument;
                }

                break;
        }
    }

    private static IEnumerable<TypeReference> ConstraintsOf(IGenericParameterProvider provider) =>
        provider.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType);

    private static IEnumerable<TypeReference> AttributesOf(ICustomAttributeProvider provider)
    {
        foreach (CustomAttribute attribute in provider.CustomAttributes)
        {
            yield return attribute.AttributeType;
            foreach (CustomAttributeArgument argument in attribute.ConstructorArguments)
            {
                if (argument.Value is TypeReference type) yield return type;
            }
        }
    }

    /// <summary>A type with its element and argument types, each as its outermost type.</summary>
    private static IEnumerable<TypeReference> Unfold(TypeReference type)
    {
        switch (type)
        {
            case GenericInstanceType instance:
                return Unfold(instance.ElementType).Concat(instance.GenericArguments.SelectMany(Unfold));
            case IModifierType modified:
                return Unfold(modified.ElementType).Concat(Unfold(modified.ModifierType));
            case FunctionPointerType function:
                return Unfold(function.ReturnType).Concat(function.Parameters.SelectMany(p => Unfold(p.ParameterType)));
            case TypeSpecification specification:
                return Unfold(specification.ElementType);
            case GenericParameter:
                return [];
            default:
                while (type.DeclaringType is not null) type = type.DeclaringType;
                return [type];
        }
    }

    private static bool IsPointer(TypeReference type) => type switch
    {
        PointerType or FunctionPointerType => true,
        GenericInstanceType instance => instance.GenericArguments.Any(IsPointer),
        TypeSpecification specification => IsPointer(specification.ElementType),
        _ => false,
    };

    private static TypeDefinition Outermost(TypeDefinition type)
    {
        while (type.DeclaringType is not null) type = type.DeclaringType;
        return type;
    }

    private static bool IsWithin(string inner, string outer) =>
        inner == outer || inner.StartsWith(outer + ".", StringComparison.Ordinal);

    private string Full(string below) => below.Length == 0 ? rootNamespace : $"{rootNamespace}.{below}";
}
