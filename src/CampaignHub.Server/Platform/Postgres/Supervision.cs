namespace CampaignHub.Server.Platform.Postgres;

/// <summary>Starts the server again whenever it has ended, until told to stop.</summary>
internal sealed class Supervision(Postmaster postmaster, string socketDirectory, ILogger log)
{
    /// <summary>How soon a death is noticed; looking costs two small reads.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                if (!postmaster.IsAlive)
                    await StartAgainAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task StartAgainAsync(CancellationToken stopping)
    {
        log.LogError("The built-in PostgreSQL ended under the service; it is started again.");
        for (var pause = Interval; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                await postmaster.StartAsync(socketDirectory, stopping);
                log.LogInformation("The built-in PostgreSQL is up again.");
                return;
            }
            catch (Exception e) when (e is StartupException or IOException)
            {
                log.LogError("{Reason}", e.Message);
                await Task.Delay(pause, stopping);
            }
        }
    }
}
