using System.Diagnostics;
using System.Globalization;

namespace CampaignHub.Benchmarks.Sending;

/// <summary>postfix's smtp-source to a sink of the same kind: one prebuilt message again and again, with no ledger, no person, no template.</summary>
/// <param name="Rate">Messages a second.</param>
/// <param name="Microseconds">Of processor a message, of smtp-source alone.</param>
internal sealed record Reference(double Rate, double Microseconds)
{
    /// <param name="postfix">Where its programs are.</param>
    /// <param name="connections">At once; each carries many messages.</param>
    /// <param name="messages">How many.</param>
    /// <param name="bytes">Of each message.</param>
    public static async Task<Reference> MeasureAsync(Postfix postfix, int connections, int messages, int bytes)
    {
        await using var sink = await CountingSink.StartAsync(postfix);
        var start = new ProcessStartInfo(postfix.Source,
        [
            "-d", "-N", "-s", Word(connections), "-m", Word(messages), "-l", Word(bytes),
            "-f", $"news@{Mailing.SenderDomain}", "-t", "p@mail.example", $"127.0.0.1:{sink.Port}",
        ]);
        postfix.Prepare(start.Environment);
        var processor = ProcessTree.OfEndedChildren();
        var watch = Stopwatch.StartNew();
        using var source = Process.Start(start)!;
        await source.WaitForExitAsync();
        var elapsed = watch.Elapsed;
        if (source.ExitCode != 0 || sink.Count() != messages)
            throw new InvalidOperationException($"smtp-source ended with status {source.ExitCode}; the sink counted {sink.Count()} of {messages} messages.");
        var reference = new Reference(messages / elapsed.TotalSeconds, (ProcessTree.OfEndedChildren() - processor).TotalMicroseconds / messages);
        Console.WriteLine($"smtp-source  {reference.Rate,8:N0} messages/s, {reference.Microseconds:0} µs of processor a message");
        return reference;
    }

    /// <summary>The mean of two, before and after what they are a measure for: other programs on the machine come and go.</summary>
    public Reference Between(Reference other) => new((Rate + other.Rate) / 2, (Microseconds + other.Microseconds) / 2);

    private static string Word(int number) => number.ToString(CultureInfo.InvariantCulture);
}
