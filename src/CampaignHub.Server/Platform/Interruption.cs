using System.Runtime.InteropServices;

namespace CampaignHub.Server.Platform;

/// <summary>Ctrl-C and SIGTERM as one cancellation, so that what was started is ended in order. A second one ends at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    public CancellationToken Token => source.Token;

    public static Interruption Listen()
    {
        var interruption = new Interruption();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            interruption.registrations.Add(PosixSignalRegistration.Create(signal, interruption.Handle));
        return interruption;
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = !source.IsCancellationRequested;
        source.Cancel();
    }

    public void Dispose()
    {
        registrations.ForEach(r => r.Dispose());
        source.Dispose();
    }
}
