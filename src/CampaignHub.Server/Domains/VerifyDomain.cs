using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>
/// Reads the domain's records in DNS now, asks what answers behind a tracking domain, and answers what was found. It is verified once its required records are right;
/// records that are wrong are an answer too (200 with <c>ok</c> false). A pair of keys that waits begins to sign once both
/// of its records are seen.
/// </summary>
internal sealed class VerifyDomain(DomainCheck check, DomainTargets targets, IClock clock) : ApiEndpoint<DomainRequest, DomainView>
{
    public override void Configure()
    {
        Post("/v1/domains/{id}/verify");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Verify a domain");
    }

    // No transaction is open while DNS is asked.
    protected override async Task<SerializedAnswer> RunAsync(DomainRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        Domain? before;
        await using (var transaction = await Database.BeginAsync(Caller.TenantId, ct))
            before = await DomainStore.FindAsync(transaction, request.Id);
        var answers = before is null ? null : await check.ReadAsync(before, ct);
        await using (var transaction = await Database.BeginAsync(Caller.TenantId, ct))
        {
            var domain = answers is null ? null : await check.ApplyAsync(transaction, request.Id, answers, isScheduled: false, clock.GetCurrentInstant());
            Answer<DomainView> answer = domain is null ? Problems.NotFound("domain") : DomainView.Of(domain, targets);
            var sent = SerializedAnswer.Of(answer);
            await reservation.KeepAsync(sent, transaction);
            await transaction.CommitAsync();
            return sent;
        }
    }

    protected override Task<Answer<DomainView>> AnswerAsync(DomainRequest request, TenantTransaction transaction) =>
        throw new NotSupportedException("DNS is asked outside of any transaction.");
}
