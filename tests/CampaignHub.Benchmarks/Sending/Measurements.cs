namespace CampaignHub.Benchmarks.Sending;

/// <summary>The measurements of one run on one database: each a warm-up, then ours between two of smtp-source.</summary>
internal sealed class Measurements(ServiceUnderTest service, Mailing mailing, Postfix postfix, int connections, int people)
{
    /// <summary>The list of the warm-up, and how many it holds.</summary>
    public required Guid Few { get; init; }

    public required int FewPeople { get; init; }

    /// <summary>The list of what is measured.</summary>
    public required Guid All { get; init; }

    public bool Profile { get; init; }

    /// <summary>True while every message of every run was accepted in the ledger and counted by the sink.</summary>
    public bool AreComplete { get; private set; } = true;

    /// <param name="label">What is special about it.</param>
    /// <param name="aim">What is wanted of it.</param>
    /// <param name="mustBeSigned">Leave it out, and say so, where mail bears no signature.</param>
    public async Task MeasureAsync(string label, string aim, bool mustBeSigned = false)
    {
        var mail = await WarmUp.RunAsync(mailing, Few, FewPeople);
        if (mustBeSigned && mail.Signatures == 0)
        {
            Console.WriteLine($"{label}: not measured, mail of {Mailing.SenderDomain} bears no signature");
            return;
        }
        Console.WriteLine($"\n{label}: {mail.Bytes:N0} bytes a message, {mail.Signatures} DKIM signatures, {service.Nodes.Count} service processes");
        var before = await Reference.MeasureAsync(postfix, connections, people, mail.Bytes);
        var run = await SendRun.MeasureAsync(service, mailing, All, people, postfix, Profile);
        var after = await Reference.MeasureAsync(postfix, connections, people, mail.Bytes);
        Print(run, before.Between(after), aim);
        foreach (var line in service.Nodes.SelectMany(node => node.LastLines))
            Console.WriteLine($"  log: {line}");
        AreComplete &= run.IsComplete;
    }

    private static void Print(SendRun run, Reference reference, string aim)
    {
        Console.WriteLine($"ours         {run.Rate,8:N0} messages/s from launch to finished = {run.Rate / reference.Rate:0.00} of it (aim {aim})");
        Console.WriteLine($"             {run.SteadyRate,8:N0} messages/s from 10 % to 90 % = {run.SteadyRate / reference.Rate:0.00} of it");
        Console.WriteLine($"processor    {Of(run.Service)} µs a message of the service, {Of(run.Postgres)} of PostgreSQL, {Of(run.Sink)} of the sink; {reference.Microseconds:0} of smtp-source");
        Console.WriteLine($"peak memory  {string.Join(", ", run.PeakMemory)} MB (aim below 300)");
        Console.WriteLine($"complete     {(run.IsComplete ? "yes" : "NO")}: {run.Accepted:N0} accepted in the ledger, {run.Sunk:N0} counted by the sink, of {run.People:N0}");

        string Of(TimeSpan processor) => $"{processor.TotalMicroseconds / run.People:0}";
    }
}
