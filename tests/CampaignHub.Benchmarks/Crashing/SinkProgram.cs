using System.Globalization;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Benchmarks.Crashing;

/// <summary>
/// The sink as a process of its own (the verb <c>sink</c>): keeps each message and a line for its recipient on disk, both
/// synced, before it answers the final dot. A line on standard input is answered with how many messages it has kept and
/// how many connections are open; the end of the input ends it.
/// </summary>
internal static class SinkProgram
{
    public static async Task<int> RunAsync(string port, string folder)
    {
#pragma warning disable RS0030 // It stands for another company's server, with a clock of its own.
        var options = new SmtpSinkOptions { Port = int.Parse(port, CultureInfo.InvariantCulture), Folder = folder, Clock = SystemClock.Instance };
#pragma warning restore RS0030
        await using var sink = SmtpSink.Start(options);
        do
            Console.WriteLine($"{sink.MessageCount} {sink.OpenConnections}");
        while (await Console.In.ReadLineAsync() is not null);
        return 0;
    }
}
