using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>Reads every domain again from time to time, on one node at a time.</summary>
internal sealed partial class DomainReading(
    Database database, DomainCheck check, WorkSignal signal, WorkerHealth health, IClock clock, ILogger<DomainReading> log)
    : WorkLoop(signal, health, log)
{
    /// <summary>After how long a domain is read again: links lead nowhere while a tracking domain doesn't answer, so that one is looked at often.</summary>
    public static Duration IntervalOf(string kind) => kind == "tracking" ? Duration.FromMinutes(10) : Duration.FromDays(1);

    /// <summary>Read side by side; small enough to be done well within the minute after which health finds a loop silent.</summary>
    private const int Batch = 10;

    protected override TimeSpan LookEvery => TimeSpan.FromSeconds(10);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await using var turn = await SweepLock.TryTakeAsync(database, "domains", ct);
        if (turn is null)
            return false;
        var due = await database.LookUpAsync<(Guid TenantId, Guid DomainId)>(
            "SELECT tenant_id, domain_id FROM domains_to_read(@now, @Batch)", new { now = clock.GetCurrentInstant(), Batch }, ct);
        await Task.WhenAll(due.Select(domain => ReadAsync(domain.TenantId, domain.DomainId, ct)));
        return due.Count == Batch;
    }

    private async Task ReadAsync(Guid tenantId, Guid domainId, CancellationToken ct)
    {
        Domain? before;
        await using (var transaction = await database.BeginAsync(tenantId, ct))
            before = await DomainStore.FindAsync(transaction, domainId);
        if (before is null)
            return;
        var answers = await check.ReadAsync(before, ct);
        await using (var transaction = await database.BeginAsync(tenantId, ct))
        {
            var now = clock.GetCurrentInstant();
            var after = await check.ApplyAsync(transaction, domainId, answers, isScheduled: true, now);
            await DomainStore.ReadAgainAsync(transaction, domainId, now + IntervalOf(before.Kind));
            await transaction.CommitAsync();
            if (before.VerifiedAt is not null && after is { VerifiedAt: null, Problem: { } problem })
                LogLost(after.Kind, after.Name, tenantId, problem);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Kind} domain {Domain} of tenant {TenantId} is no longer verified: {Problem}")]
    private partial void LogLost(string kind, string domain, Guid tenantId, string problem);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
