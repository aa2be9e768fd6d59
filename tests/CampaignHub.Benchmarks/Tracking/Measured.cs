namespace CampaignHub.Benchmarks.Tracking;

/// <summary>What readers got, and what it cost whom.</summary>
/// <param name="Service">Processor time of whoever answered.</param>
/// <param name="Postgres">Processor time of PostgreSQL.</param>
/// <param name="Client">Processor time of the readers.</param>
internal sealed record Measured(ReadingResult Result, TimeSpan Service, TimeSpan Postgres, TimeSpan Client)
{
    /// <param name="reading">What the readers do.</param>
    /// <param name="service">The process that answers.</param>
    /// <param name="postgres">The process that stores; null: none.</param>
    public static async Task<Measured> RunAsync(Reading reading, int service, int? postgres)
    {
        var (serviceBefore, postgresBefore, clientBefore) = (Of(service), Of(postgres), ProcessTree.OfEndedChildren());
        ReadingResult result;
        await using (var readers = ReaderProcess.Start(reading))
            result = await readers.FinishedAsync();
        return new Measured(result, Of(service) - serviceBefore, Of(postgres) - postgresBefore, ProcessTree.OfEndedChildren() - clientBefore);
    }

    /// <param name="name">What was measured.</param>
    /// <param name="reference">Requests a second of what it is compared with; null: nothing.</param>
    public void Print(string name, double? reference)
    {
        Console.WriteLine($"{name,-14} {Result.Rate,8:N0} requests/s{(reference is { } bare ? $" = {Result.Rate / bare:0.00} of bare Kestrel" : "")}, p50 {Result.P50:0.0} ms, p99 {Result.P99:0.0} ms, worst {Result.Worst:0} ms");
        Console.WriteLine($"{"",-14} µs of processor a request: {Micro(Service)} service, {Micro(Postgres)} PostgreSQL, {Micro(Client)} readers");
    }

    private static TimeSpan Of(int? process) => process is { } id ? ProcessTree.ProcessorTime(id) : TimeSpan.Zero;

    private string Micro(TimeSpan time) => $"{time.TotalMicroseconds / Math.Max(1, Result.Stored):0}";
}
