using CampaignHub.Server.Platform;
using NodaTime;

namespace CampaignHub.Server.Operations.Doctor;

/// <summary>What a person on call needs to know of the database that the service works on. It only reads: ids and counts, no addresses.</summary>
internal sealed record Examination(IReadOnlyList<Section> Sections)
{
    public IReadOnlyList<Finding> Findings => [.. Sections.SelectMany(section => section.Findings)];

    /// <param name="connectionString">As the login that owns the schema.</param>
    /// <param name="clock">Business time: what is due.</param>
    /// <param name="time">This machine's clock, held against the database's.</param>
    /// <param name="ring">The key ring of the data directory; null where there is none to look at.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="StartupException">The database cannot be reached, or its schema isn't this build's.</exception>
    public static async Task<Examination> MakeAsync(string connectionString, IClock clock, TimeProvider time, KeyRingFile? ring, CancellationToken ct)
    {
        await using var snapshot = await Snapshot.OpenAsync(connectionString, clock.GetCurrentInstant(), ct);
        var ground = await GroundSection.ExamineAsync(snapshot, time, ring);
        var workers = await NodeSection.ReadWorkersAsync(snapshot);
        await snapshot.SeeTenantsAsync();
        var (queue, campaigns) = (await QueueSection.ReadAsync(snapshot), await CampaignSection.ReadAsync(snapshot));
        return new Examination(
        [
            QueueSection.Make(queue),
            CampaignSection.Make(campaigns, queue),
            await RelaySection.ExamineAsync(snapshot),
            await NodeSection.ExamineAsync(snapshot, workers, campaigns.Any(c => c.Status is "scheduled" or "sending")),
            await FlowSection.ExamineAsync(snapshot),
            ground,
        ]);
    }
}
