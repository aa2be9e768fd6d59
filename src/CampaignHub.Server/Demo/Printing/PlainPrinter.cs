namespace CampaignHub.Server.Demo.Printing;

/// <summary>Plain lines: for files, pipes and logs.</summary>
internal sealed class PlainPrinter(TextWriter to) : IDemoPrinter
{
    private const int LongestBar = 40;

    public void Step(string title) => to.WriteLine($"\n== {title}");

    public void Say(string line) => to.WriteLine(line);

    public void Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var heads = columns.Select(column => column.TrimStart('>')).ToArray();
        var widths = heads.Select((head, i) => rows.Select(row => row[i].Length).Append(head.Length).Max()).ToArray();
        foreach (var row in rows.Prepend(heads))
            to.WriteLine("  " + string.Join("  ", row.Select((cell, i) => columns[i].StartsWith('>') ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
    }

    public void Bars(string title, IReadOnlyList<Bar> bars)
    {
        to.WriteLine(title);
        var (width, most) = (bars.Max(bar => bar.Label.Length), Math.Max(bars.Max(bar => bar.Value), double.Epsilon));
        foreach (var bar in bars)
            to.WriteLine($"  {bar.Label.PadRight(width)}  {new string('#', (int)Math.Round(LongestBar * bar.Value / most))} {bar.Text}");
    }

    public Task ShowProgressAsync(string title, double whole, Func<IProgress<Stride>, Task> work) => work(new Lines(to));

    private sealed class Lines(TextWriter to) : IProgress<Stride>
    {
        private string? _last;

        public void Report(Stride value)
        {
            if (value.What != _last)
                to.WriteLine("  " + value.What);
            _last = value.What;
        }
    }
}
