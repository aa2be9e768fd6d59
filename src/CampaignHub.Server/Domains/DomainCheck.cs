using System.Text.Json;
using CampaignHub.Core.Domains;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>
/// Reads a domain's records and draws the conclusions: whether it is verified, and which keys sign. DNS is asked outside
/// of any transaction, so what has changed meanwhile is looked at again before it is judged.
/// </summary>
internal sealed class DomainCheck(DnsRecords dns, TrackingHostProbe probe, DomainTargets targets)
{
    /// <summary>What DNS says of each record that the domain needs, or what answers behind it, by <see cref="DomainRecord.Key"/>.</summary>
    public async Task<IReadOnlyDictionary<string, RecordAnswer>> ReadAsync(Domain domain, CancellationToken ct)
    {
        var records = DomainRecords.Of(domain, targets);
        var answers = await Task.WhenAll(records.Select(record => record.IsPublished ? dns.ReadAsync(record.Host, record.Type, ct) : probe.ReadAsync(record.Host, ct)));
        return records.Zip(answers).ToDictionary(read => read.First.Key, read => read.Second);
    }

    /// <summary>Judges the answers and notes what follows; null where the domain has gone meanwhile.</summary>
    /// <param name="transaction">Of the domain's tenant.</param>
    /// <param name="domainId">The domain.</param>
    /// <param name="answers">What <see cref="ReadAsync"/> gave.</param>
    /// <param name="isScheduled">Whether it was a read that nobody asked for, which counts where it went wrong.</param>
    /// <param name="now">Business time.</param>
    public async Task<Domain?> ApplyAsync(
        TenantTransaction transaction, Guid domainId, IReadOnlyDictionary<string, RecordAnswer> answers, bool isScheduled, Instant now)
    {
        if (await DomainStore.LockAsync(transaction, domainId) is not { } locked)
            return null;
        var domain = await DropRetiredAsync(transaction, locked, now - targets.KeepOldKeys);
        var (verdicts, readings) = Judge(domain, answers, now);
        if (domain.Waiting is { } waiting && VerdictOn(DomainRecords.HostsOf(domain, waiting), verdicts).Ok == true)
            domain = await ActivateAsync(transaction, domain, waiting, now);
        var after = domain.Verification.After(VerdictOn(Required(domain), verdicts), isScheduled, now);
        domain = domain with
        {
            VerifiedAt = after.VerifiedAt,
            FailedReads = after.FailedReads,
            Problem = after.Problem,
            ReadingsJson = JsonSerializer.Serialize(readings, ApiJson.Options),
            CheckedAt = now,
        };
        await DomainStore.NoteReadAsync(transaction, domain);
        return domain;
    }

    private (Dictionary<string, RecordVerdict> Verdicts, Dictionary<string, RecordReading> Readings) Judge(
        Domain domain, IReadOnlyDictionary<string, RecordAnswer> answers, Instant now)
    {
        var before = domain.Readings;
        Dictionary<string, RecordVerdict> verdicts = [];
        Dictionary<string, RecordReading> readings = [];
        // A key made while DNS was asked has no answer yet: the next read has.
        foreach (var record in DomainRecords.Of(domain, targets).Where(record => answers.ContainsKey(record.Key)))
            (verdicts[record.Key], readings[record.Key]) =
                record.Read(answers[record.Key], before.GetValueOrDefault(record.Key, RecordReading.None), now);
        return (verdicts, readings);
    }

    private IReadOnlyList<string> Required(Domain domain) => [.. DomainRecords.Of(domain, targets).Where(record => record.Required).Select(record => record.Key)];

    private static RecordVerdict VerdictOn(IReadOnlyList<string> keys, Dictionary<string, RecordVerdict> verdicts) =>
        keys.Select(key => verdicts.TryGetValue(key, out var verdict)
                ? verdict with { Problem = verdict.Ok == false ? $"{key}: {verdict.Problem}" : verdict.Problem }
                : RecordVerdict.Unread("It hasn't been read yet."))
            .Aggregate((one, other) => one.And(other));

    private static async Task<Domain> DropRetiredAsync(TenantTransaction transaction, Domain domain, Instant by)
    {
        await DomainStore.DropRetiredAsync(transaction, domain.DomainId, by);
        return domain with { Pairs = [.. domain.Pairs.Where(pair => !(pair.RetiredAt <= by))] };
    }

    /// <summary>Lets the waiting pair sign from now on, and retires the one that did.</summary>
    private static async Task<Domain> ActivateAsync(TenantTransaction transaction, Domain domain, DkimPair waiting, Instant now)
    {
        if (domain.Signing is { } signing)
        {
            // First, since one pair signs at a time.
            var retired = signing with { RetiredAt = now };
            await DomainStore.UpdatePairAsync(transaction, retired);
            domain = domain.With(retired);
        }
        var activated = waiting with { ActivatedAt = now };
        await DomainStore.UpdatePairAsync(transaction, activated);
        return domain.With(activated);
    }
}
