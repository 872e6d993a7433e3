using System.Globalization;
using Holdfast.Common;
using Holdfast.Reports;

namespace Holdfast.Views;

/// <summary>How a typed cell is written as text.</summary>
internal static class TextFormat
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Show(Cell cell) => cell.Kind switch
    {
        CellKind.Bytes => Bytes(cell.Number),
        CellKind.BytesChange => Signed(cell.Number, Bytes(Math.Abs(cell.Number))),
        CellKind.Count => Count(cell.Number),
        CellKind.CountChange => Signed(cell.Number, Count(Math.Abs(cell.Number))),
        CellKind.NodeId => NodeIdText.Show((ulong)cell.Number),
        CellKind.Share => (cell.Number / 10.0).ToString("0.0", CultureInfo.InvariantCulture) + " %",
        CellKind.Empty => "",
        _ => Printable.Make(cell.Words),
    };

    /// <summary>Whether the column of such a cell is set flush right.</summary>
    public static bool IsNumeric(CellKind kind) => kind is not (CellKind.Text or CellKind.Name or CellKind.Empty);

    /// <summary>Three figures and a unit: 0 B, 1.45 KiB, 103 MiB.</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (Math.Abs(value) >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        string format = unit == 0 || Math.Abs(value) >= 99.95 ? "0" : Math.Abs(value) >= 9.995 ? "0.0" : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Signed(long number, string absolute) => number > 0 ? "+" + absolute : number < 0 ? "-" + absolute : "0";
}
