using CampaignHub.Core.Sending;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>
/// Sends the mails that ask to confirm, and one that reminds. Each is marked before it is sent: a worker that dies leaves leases, and
/// when they have passed its mails are sent by another, with the same Message-ID.
/// </summary>
internal sealed class ConfirmationSender(
    Database database, ConfirmationMail mail, DkimSigners signers, SenderRule rule, KeyRing ring, PublicUrl publicUrl, WorkSignal signal, WorkerHealth health, IClock clock,
    ILogger<ConfirmationSender> log) : WorkLoop(signal, health, log)
{
    private const int Batch = 20;
    private const int AtOnce = 4;
    private const int MostAttempts = 6;

    /// <summary>A batch of which every mail takes as long as it may, and some more.</summary>
    private const int LeaseSeconds = Batch / AtOnce * 60 + 30;

    private static readonly Duration s_firstWait = Duration.FromMinutes(5);

    protected override WorkKind Heeds => WorkKind.Confirmations;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var more = false;
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_confirmations_due(@now)", new { now = clock.GetCurrentInstant() }, ct))
            more |= await WorkOffAsync(tenantId, ct);
        return more;
    }

    /// <summary>True if there may be more that is due.</summary>
    private async Task<bool> WorkOffAsync(Guid tenantId, CancellationToken ct)
    {
        var due = await ClaimAsync(tenantId, ct);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (one, token) =>
        {
            // What is on the wire is seen to its end.
            var result = one.Message is { } message ? await mail.SendAsync(message, CancellationToken.None) : null;
            await SettleAsync(tenantId, one, result, CancellationToken.None);
        });
        return due.Count == Batch;
    }

    private async Task<IReadOnlyList<DueMail>> ClaimAsync(Guid tenantId, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var relay = (await RelayStore.ListUsableAsync(transaction, ring, now)).MaxBy(usable => usable.Weight);
        var senders = await EnvelopeSenders.OfAsync(transaction, ring);
        var claimed = await ConfirmationStore.ClaimAsync(transaction, Batch, LeaseSeconds, now);
        List<DueMail> due = [];
        foreach (var asked in claimed)
        {
            var form = (await FormStore.FindAsync(transaction, asked.FormId))!;
            var (signer, lost) = await signers.OfOrWhyNotAsync(transaction, form.FromEmail);
            var obstacle = relay is null ? "No relay is enabled, and neither paused nor resting."
                : lost is not null ? lost
                : signer is null && rule.MustBeVerified ? $"{form.FromEmail} is on no verified sending domain."
                : asked.ExpiresAt <= now ? "It has expired." : null;
            due.Add(new DueMail(form, asked, obstacle, obstacle is not null ? null : new ConfirmationMessage(
                form, asked, ConfirmationLinks.Of(ring, publicUrl.Value, tenantId, asked.ConfirmationId), relay!, senders, signer, now)));
        }
        await transaction.CommitAsync();
        return due;
    }

    private async Task SettleAsync(Guid tenantId, DueMail due, SmtpResult? result, CancellationToken ct)
    {
        // Silence after the final dot may mean that it was taken: then it isn't sent again.
        var wasTaken = result is { Accepted: true } or { Phase: SmtpPhase.AfterDot, Failure: not null };
        var isRefused = !wasTaken && result is { Phase: SmtpPhase.RcptTo or SmtpPhase.Data or SmtpPhase.AfterDot, Code: >= 500 };
        var next = wasTaken ? ReminderOf(due) : isRefused ? null : RetryOf(due);
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await ConfirmationStore.SettleAsync(
            transaction, due.Asked, wasTaken, due.Obstacle ?? (result is null ? "The relay did not answer in time." : $"{result.Code} {result.Text}".Trim()), next);
        await transaction.CommitAsync();
    }

    /// <summary>After the first mail, where the form reminds.</summary>
    private static Instant? ReminderOf(DueMail due) =>
        due is { Asked.Mails: 0, Form.RemindAfterHours: { } hours } && due.Asked.AskedAt + Duration.FromHours(hours) is var at && at < due.Asked.ExpiresAt ? at : null;

    /// <summary>Ever later, while the link would still confirm.</summary>
    private Instant? RetryOf(DueMail due) =>
        due.Asked.Attempts < MostAttempts && clock.GetCurrentInstant() + s_firstWait * Math.Pow(2, due.Asked.Attempts - 1) is var at && at < due.Asked.ExpiresAt ? at : null;

    /// <summary>A mail that is due, and what is in its way.</summary>
    private sealed record DueMail(Form Form, FormConfirmation Asked, string? Obstacle, ConfirmationMessage? Message);
}
