using System.Diagnostics;
using CampaignHub.Benchmarks.Crashing;
using CampaignHub.Core.Tenancy;

namespace CampaignHub.Benchmarks.Tracking;

/// <summary>Mail that is read at a steady rate while the service is killed again and again, and every third time PostgreSQL with it.</summary>
internal sealed class HitCrashRun : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _place;
    private readonly MortalService _service;
    private readonly ReadMail _mail;
    private readonly CleanUp _cleanUp;

    private HitCrashRun(DirectoryInfo place, MortalService service, ReadMail mail)
    {
        (_place, _service, _mail) = (place, service, mail);
        _cleanUp = new CleanUp(RemoveAsync);
    }

    public static async Task<HitCrashRun> PrepareAsync()
    {
        var place = Directory.CreateTempSubdirectory("campaignhub-bench-");
        var directory = Path.Combine(place.FullName, "service");
        var service = new MortalService(directory);
        await service.StartAsync();
        using var http = service.NewClient();
        var tenantId = await Mailing.NewTenantAsync(http);
        await using var database = new Database(service.Postgres.ConnectionString);
        var ring = KeyRing.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "keyring")));
        return new HitCrashRun(place, service, await ReadMail.SendAsync(database, ring, tenantId, place.FullName));
    }

    public async Task<HitCrashVerdict> RunAsync(int kills, int connections, double rate, Random random)
    {
        var answered = Path.Combine(_place.FullName, "answered");
        await using var readers = ReaderProcess.Start(new Reading(_service.Port, _mail.Pixels, connections, 1_800, rate, answered));
        for (var i = 0; i < kills; i++)
        {
            await MoreAreStoredAsync(readers, (int)rate);
            await Task.Delay(random.Next(500));
            var withPostgres = i % 3 == 2;
            await _service.KillAsync(withPostgres, () => Task.FromResult(0));
            var watch = Stopwatch.StartNew();
            await _service.StartAsync();
            Console.WriteLine($"kill {i + 1} of {kills} at {readers.Stored:N0} hits: {(withPostgres ? "service and PostgreSQL" : "service")}; ready again after {watch.Elapsed.TotalSeconds:0.0} s");
        }
        await MoreAreStoredAsync(readers, (int)rate);
        var result = await readers.StopAsync();
        return await HitCrashVerdict.OfAsync(_service, answered, result);
    }

    public ValueTask DisposeAsync() => _cleanUp.DisposeAsync();

    private async Task RemoveAsync()
    {
        await _service.DisposeAsync();
        _place.Delete(recursive: true);
    }

    /// <summary>Waits until about a second's more hits are answered as stored: it is killed in its work.</summary>
    private static async Task MoreAreStoredAsync(ReaderProcess readers, int more)
    {
        var (before, waited) = (readers.Stored, Stopwatch.StartNew());
        while (readers.Stored < before + more)
        {
            if (waited.Elapsed > s_patience)
                throw new InvalidOperationException("No more hits are answered.");
            await Task.Delay(20);
        }
    }
}
