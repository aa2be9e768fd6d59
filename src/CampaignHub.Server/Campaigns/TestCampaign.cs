using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Relays;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>A campaign to test.</summary>
public sealed class TestCampaignRequest
{
    /// <summary>The campaign's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public TestSend Body { get; set; } = new();
}

/// <summary>Whom to send a test to.</summary>
public sealed class TestSend
{
    /// <summary>The addresses that get it: 1 to 10.</summary>
    public string[]? To { get; set; }

    /// <summary>One of the tenant's people, whose values the template sees; by default somebody of whom only the first address is known.</summary>
    public Guid? RecipientId { get; set; }
}

/// <summary>How a test went.</summary>
/// <param name="Sent">Each address in the order in which they were given.</param>
public sealed record TestResult(IReadOnlyList<TestSent> Sent);

/// <summary>How it went for one address.</summary>
/// <param name="To">The address.</param>
/// <param name="Accepted">Whether the relay took it.</param>
/// <param name="SmtpReply">The relay's answer, or in words what kept it from answering.</param>
public sealed record TestSent(string To, bool Accepted, string SmtpReply);

/// <summary>
/// Sends the campaign as it stands to a few addresses, now: marked in the subject, with the author's own links, counted
/// nowhere. A relay that fails is an answer (200 with <c>accepted</c> false). Suppressed addresses are refused.
/// </summary>
internal sealed class TestCampaign(KeyRing keyRing, DkimSigners signers, TestMail mail, PublicUrl publicUrl, IClock clock)
    : ApiEndpoint<TestCampaignRequest, TestResult>
{
    public const int MaxAddresses = 10;

    public override void Configure()
    {
        Post("/v1/campaigns/{id}/test");
        Access(Scope.CampaignsSend);
        Conflicts();
        Summary(s => s.Summary = "Send a test");
    }

    // No transaction is open while SMTP talks.
    protected override async Task<SerializedAnswer> RunAsync(TestCampaignRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        TestMessage? message;
        Problem? problem;
        await using (var transaction = await Database.BeginAsync(Caller.TenantId, ct))
        {
            (message, problem) = await PrepareAsync(request, transaction);
            await transaction.CommitAsync(); // a relay whose password can't be opened is paused
        }
        Answer<TestResult> answer = problem is not null ? problem : new TestResult(await mail.SendAsync(message!, ct));
        var sent = SerializedAnswer.Of(answer);
        await reservation.KeepAsync(sent, ct);
        return sent;
    }

    protected override Task<Answer<TestResult>> AnswerAsync(TestCampaignRequest request, TenantTransaction transaction) =>
        throw new NotSupportedException("A test is sent outside of any transaction.");

    private async Task<(TestMessage? Message, Problem? Problem)> PrepareAsync(TestCampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.FindAsync(transaction, request.Id) is not { } campaign)
            return (null, Problems.NotFound("campaign"));
        if (campaign.FromEmail is null)
            return (null, Problems.StateConflict("The campaign has no from yet: PATCH it with one."));
        var (to, faults) = await AddressesAsync(request.Body.To!, transaction);
        if (faults.Count > 0)
            return (null, Problems.Invalid(faults));
        var recipient = request.Body.RecipientId is { } id
            ? await SampleRecipient.FindAsync(transaction, id)
            : new SampleRecipient { Email = to[0].Address }.ToTemplate();
        if (recipient is null)
            return (null, Problems.Invalid("recipient_id", "not_found", "There is no such recipient."));
        if ((await RelayStore.ListUnpausedAsync(transaction, keyRing, clock.GetCurrentInstant())).MaxBy(relay => relay.Weight) is not { } relay)
            return (null, Problems.StateConflict("No relay is enabled and not paused: POST /v1/relays, or mend one and POST /v1/relays/{id}/check."));
        var options = new SampleOptions(FindsLinks: false, $"{await TrackingUrl.OfAsync(transaction, publicUrl)}/u/test", clock.GetCurrentInstant());
        var content = await CampaignContent.ResolveAsync(transaction, campaign);
        var (rendered, problem) = CampaignSample.Render(campaign, content, recipient, options, transaction.Cancellation);
        return problem is not null ? (null, problem) : (new TestMessage(
            campaign, relay, await EnvelopeSenders.OfAsync(transaction, keyRing), await signers.OfAsync(transaction, campaign.FromEmail), rendered!, to, options.Now), null);
    }

    private static async Task<(List<EmailAddress> To, List<FieldError> Faults)> AddressesAsync(string[] given, TenantTransaction transaction)
    {
        List<EmailAddress> to = [];
        List<FieldError> faults = [];
        foreach (var (text, index) in given.Select((text, index) => (text, index)))
            if (!EmailAddress.TryParse(text, out var address, out var problem))
                faults.Add(new($"to[{index}]", RecipientCodes.InvalidEmail, problem));
            else if (await SuppressionStore.MatchesAsync(transaction, address))
                faults.Add(new($"to[{index}]", "suppressed", $"{address} is suppressed: nothing is sent to it."));
            else
                to.Add(address);
        return (to, faults);
    }

    internal sealed class Rules : Validator<TestCampaignRequest>
    {
        public Rules() => RuleFor(r => r.Body.To).NotEmpty()
            .Must(to => to is not { Length: > MaxAddresses }).WithErrorCode("too_long").WithMessage($"A test goes to at most {MaxAddresses} addresses.");
    }
}
