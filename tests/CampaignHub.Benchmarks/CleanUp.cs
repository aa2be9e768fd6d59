using System.Runtime.InteropServices;

namespace CampaignHub.Benchmarks;

/// <summary>What a benchmark does once when it ends, also when it is broken off (Ctrl+C, SIGTERM, its terminal closed): no PostgreSQL and no folder stay behind.</summary>
internal sealed class CleanUp : IAsyncDisposable
{
    private const int BrokenOff = 130;
    private readonly Lazy<Task> _done;
    private readonly PosixSignalRegistration[] _signals;

    public CleanUp(Func<Task> cleanUp)
    {
        _done = new Lazy<Task>(cleanUp);
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, BreakOff))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        await _done.Value;
    }

    private void BreakOff(PosixSignalContext context)
    {
        context.Cancel = true;
        Console.Error.WriteLine("Broken off: stopping what was started.");
        try
        {
            _done.Value.GetAwaiter().GetResult();
        }
        catch (Exception fault)
        {
            Console.Error.WriteLine($"Not all could be removed: {fault.Message}");
        }
        Environment.Exit(BrokenOff);
    }
}
