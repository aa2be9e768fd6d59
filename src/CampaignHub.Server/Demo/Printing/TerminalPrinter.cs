using Spectre.Console;

namespace CampaignHub.Server.Demo.Printing;

/// <summary>Tables, bars and live progress in a terminal.</summary>
internal sealed class TerminalPrinter(IAnsiConsole console) : IDemoPrinter
{
    private const int LongestBar = 40;

    public void Step(string title)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold steelblue1]{Markup.Escape(title)}[/]").LeftJustified().RuleStyle("grey"));
    }

    /// <summary>Whatever the width: a line that is to be pasted must not be broken.</summary>
    public void Say(string line) => console.Profile.Out.Writer.WriteLine(line);

    public void Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var column in columns)
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(column.TrimStart('>'))}[/]") { Alignment = column.StartsWith('>') ? Justify.Right : Justify.Left });
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)).ToArray());
        console.Write(table);
    }

    public void Bars(string title, IReadOnlyList<Bar> bars)
    {
        console.MarkupLine($"[bold]{Markup.Escape(title)}[/]");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap());
        var most = Math.Max(bars.Max(bar => bar.Value), double.Epsilon);
        foreach (var bar in bars)
            grid.AddRow(new Text(bar.Label), new Text(new string('█', (int)Math.Round(LongestBar * bar.Value / most)), Color.SteelBlue1), new Text(bar.Text));
        console.Write(grid);
    }

    public Task ShowProgressAsync(string title, double whole, Func<IProgress<Stride>, Task> work) =>
        console.Progress().Columns(new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new ElapsedTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(context => work(new Live(context.AddTask(Markup.Escape(title), maxValue: whole))));

    private sealed class Live(ProgressTask task) : IProgress<Stride>
    {
        public void Report(Stride value)
        {
            task.Value = value.Done;
            task.Description = Markup.Escape(value.What);
        }
    }
}
