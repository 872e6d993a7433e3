namespace Holdfast.Commands;

/// <summary>The constructor argument that several commands take.</summary>
internal static class ConstructorHelp
{
    public const string Text =
        "A constructor is written as `summary` shows it (Session, '{id, name}', '(string)'), as a glob ('Http*'), or as "
        + "type::name with a V8 node type and a node's own name ('closure::on*', 'string::GET *'). What is no constructor is "
        + "looked for among the names of functions and of V8's own nodes.";

    public static Parameter Parameter { get; } =
        new("CONSTRUCTOR", ParameterKind.Text, "a constructor as shown, a glob, type::name, or @ID for one object") { IsPositional = true };
}
