using System.Globalization;
using System.Text;
using System.Xml;

namespace Holdfast.Commands;

/// <summary>Checks as JUnit XML, which CI systems read: one test case a check, the suspects in what failed.</summary>
internal static class JUnitReport
{
    public static string Write(IReadOnlyList<BudgetCheck> checks, LeaksRecord record)
    {
        using var text = new Utf8Writer();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", CheckCharacters = false }))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", "holdfast leaks");
            xml.WriteAttributeString("tests", Number(checks.Count));
            xml.WriteAttributeString("failures", Number(checks.Count(c => !c.Passed)));
            foreach (BudgetCheck check in checks) WriteCase(xml, check, record);
            xml.WriteEndDocument();
        }

        return text + "\n";
    }

    private static void WriteCase(XmlWriter xml, BudgetCheck check, LeaksRecord record)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", "holdfast.leaks");
        xml.WriteAttributeString("name", Clean(check.Name));
        if (!check.Passed)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", Clean($"{check.Name} is {Number(check.Actual)}, the budget is {Number(check.Limit)}"));
            xml.WriteString(Clean(string.Join("\n", record.Suspects.Select(s => $"{s.Rank}. {s.Constructor}: {s.Explanation}").Prepend($"{record.Verdict}: {record.Reason}"))));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Names from a heap may hold what XML cannot.</summary>
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes().Select(r => r.Value is '\n' or >= 0x20 and not (0xFFFE or 0xFFFF) ? r.ToString() : "\uFFFD"));

    private sealed class Utf8Writer() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
