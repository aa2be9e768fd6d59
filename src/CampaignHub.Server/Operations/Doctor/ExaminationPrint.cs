using Spectre.Console;

namespace CampaignHub.Server.Operations.Doctor;

/// <summary>An examination as text: tables in columns, and at the end what there is to do.</summary>
internal static class ExaminationPrint
{
    private const int Unbroken = 4_000;

    public static void Print(Examination examination, IAnsiConsole console)
    {
        // Whoever reads it from a file or a pipe wants each row on a line of its own.
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = Unbroken;
        foreach (var section in examination.Sections)
            Print(section, console);
        var findings = examination.Findings;
        if (findings.Count == 0)
            console.WriteLine("All well.");
        foreach (var (number, finding) in findings.Index())
            console.WriteLine($"{number + 1}. {finding.What}: {finding.Remedy}.");
    }

    private static void Print(Section section, IAnsiConsole console)
    {
        console.MarkupLine($"[bold]== {Markup.Escape(section.Title)}[/]");
        foreach (var line in section.Lines)
            console.WriteLine(line);
        if (section.Rows.Count > 0)
            console.Write(TableOf(section));
        console.WriteLine();
    }

    private static Table TableOf(Section section)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in section.Columns)
            table.AddColumn(new TableColumn(Markup.Escape(column.TrimStart('>'))) { Alignment = column.StartsWith('>') ? Justify.Right : Justify.Left, Padding = new Padding(0, 0, 2, 0) });
        foreach (var row in section.Rows)
            table.AddRow(row.Select(cell => new Text(cell)).ToArray());
        return table;
    }
}
