using CampaignHub.Server.Platform.Http;
using FluentValidation;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>The fields of a new bounce mailbox.</summary>
public sealed class BounceMailboxDraft : BounceMailboxChange
{
    /// <summary><c>imap</c> (the default) or <c>pop3</c>; it stays as it was made.</summary>
    public string Protocol { get; set; } = "imap";

    internal sealed class DraftRules : AbstractValidator<BounceMailboxDraft>
    {
        public DraftRules()
        {
            Include(new Rules());
            RuleFor(r => r.Protocol).NotNull().OneOf("imap", "pop3");
            RuleFor(r => r.Name.Value).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Host.Value).NotEmpty().MaximumLength(253);
            RuleFor(r => r.Username.Value).NotEmpty().MaximumLength(500);
            RuleFor(r => r.Password.Value).NotEmpty().MaximumLength(1_000);
        }
    }
}
