using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FluentValidation;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>Fields of a bounce mailbox; an absent one stays as it is, in a new mailbox at its default.</summary>
public class BounceMailboxChange
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>Bounces</example>
    public Optional<string> Name { get; set; }

    /// <summary>Name or address of the server. One that leads into a private network is refused unless the operator allows it.</summary>
    /// <example>imap.shop.example</example>
    public Optional<string> Host { get; set; }

    /// <summary>1 to 65535; the protocol's own unless given: 993 (IMAP) or 995 (POP3) with tls implicit, else 143 or 110.</summary>
    public Optional<int> Port { get; set; }

    /// <summary><c>implicit</c> (the default), <c>starttls</c>, which is required once it is set, or <c>none</c>.</summary>
    public Optional<string> Tls { get; set; }

    /// <summary>The login: 1 to 500 characters.</summary>
    public Optional<string> Username { get; set; }

    /// <summary>Its password, never read back. Give it again with another host, with tls none, or with other roots: it was given for the first.</summary>
    public Optional<string> Password { get; set; }

    /// <summary>IMAP only: the folder that is read; <c>INBOX</c> unless given.</summary>
    public Optional<string> Folder { get; set; }

    /// <summary>
    /// What is done with a message that was handled: <c>delete</c> (the default), <c>move</c> (IMAP only) or <c>keep</c>. What
    /// is about no delivery of yours, and what people wrote, stays where it is.
    /// </summary>
    public Optional<string> WhenHandled { get; set; }

    /// <summary>The folder that handled messages are moved to; made where it is missing.</summary>
    /// <example>Handled</example>
    public Optional<string> MoveTo { get; set; }

    /// <summary>The certificates, in PEM (RFC 7468), that the server's own must lead to, instead of the system's roots: 1 to 50, at most 65,536 characters; null (the default): the system's.</summary>
    public Optional<string> RootCertificates { get; set; }

    /// <summary>It is read only while it is enabled; true unless given.</summary>
    public Optional<bool> Enabled { get; set; }

    /// <summary>The mailbox with these fields, which <paramref name="errors"/> has to be empty of faults for.</summary>
    internal BounceMailbox ApplyTo(BounceMailbox mailbox, KeyRing ring, Guid tenantId, List<FieldError> errors)
    {
        var changed = mailbox with
        {
            Name = Name.Or(mailbox.Name)!.Trim(),
            Host = Host.Or(mailbox.Host)!.Trim(),
            Tls = Tls.Or(mailbox.Tls)!,
            Username = Username.Or(mailbox.Username)!,
            Folder = Folder.Or(mailbox.Folder)!,
            WhenHandled = WhenHandled.Or(mailbox.WhenHandled)!,
            MoveTo = MoveTo.Or(mailbox.MoveTo),
            RootCertificates = RootCertificates.Or(mailbox.RootCertificates),
            Enabled = Enabled.Or(mailbox.Enabled),
        };
        changed = changed with { Port = Port.IsSet ? Port.Value : mailbox.Port == 0 || mailbox.Port == mailbox.UsualPort ? changed.UsualPort : mailbox.Port };
        changed = changed with { PasswordEncrypted = SealedPassword(mailbox, changed, ring, tenantId, errors) };
        if (RootCertificates.Value is { } pem && !Relays.RootCertificates.TryParse(pem, out _, out var problem))
            errors.Add(new("root_certificates", "invalid", problem));
        CheckFolders(changed, errors);
        return changed;
    }

    private byte[] SealedPassword(BounceMailbox before, BounceMailbox after, KeyRing ring, Guid tenantId, List<FieldError> errors)
    {
        if (Password.Value is { } given)
            return BounceMailboxStore.Seal(ring, tenantId, after.MailboxId, given);
        // Nobody may read a password back by having it sent to a host of their own, or in clear text.
        if (before.PasswordEncrypted.Length == 0 || after.Host != before.Host || after.Tls == "none" && before.Tls != "none"
            || after.RootCertificates is not null && after.RootCertificates != before.RootCertificates)
            errors.Add(new("password", "required", "The mailbox needs its password; one that was given for another host, for TLS, or under other roots has to be given again."));
        return before.PasswordEncrypted;
    }

    private static void CheckFolders(BounceMailbox mailbox, List<FieldError> errors)
    {
        if (mailbox.Protocol == "pop3" && mailbox.Folder != "INBOX")
            errors.Add(new("folder", "not_applicable", "POP3 knows no folders; leave it out."));
        if (mailbox.Protocol == "pop3" && mailbox.WhenHandled == "move")
            errors.Add(new("when_handled", "not_applicable", "POP3 knows no folders: it is keep or delete."));
        if (mailbox.WhenHandled == "move" && mailbox.MoveTo is null)
            errors.Add(new("move_to", "required", "With when_handled move, move_to says which folder it is."));
        if (mailbox.WhenHandled != "move" && mailbox.MoveTo is not null)
            errors.Add(new("move_to", "not_applicable", "move_to has no effect unless when_handled is move; leave it out or null."));
        if (mailbox.MoveTo is { } to && to == mailbox.Folder)
            errors.Add(new("move_to", "invalid", "It is the folder that is read: give another."));
    }

    internal sealed class Rules : AbstractValidator<BounceMailboxChange>
    {
        private const string OneLine = "It must be 1 or more characters on one line.";

        public Rules()
        {
            RuleFor(r => r.Name.Value).NotEmpty().MaximumLength(200).When(r => r.Name.IsSet);
            RuleFor(r => r.Host.Value).NotEmpty().MaximumLength(253).When(r => r.Host.IsSet);
            RuleFor(r => r.Port.Value).InclusiveBetween(1, 65_535).When(r => r.Port.IsSet);
            RuleFor(r => r.Tls.Value).NotNull().OneOf("none", "starttls", "implicit").When(r => r.Tls.IsSet);
            RuleFor(r => r.Username.Value).MaximumLength(500).Must(IsOneLine).WithMessage(OneLine).When(r => r.Username.IsSet);
            RuleFor(r => r.Password.Value).MaximumLength(1_000).Must(IsOneLine).WithMessage(OneLine).When(r => r.Password.IsSet);
            RuleFor(r => r.Folder.Value).MaximumLength(200).Must(IsOneLine).WithMessage(OneLine).When(r => r.Folder.IsSet);
            RuleFor(r => r.WhenHandled.Value).NotNull().OneOf("keep", "move", "delete").When(r => r.WhenHandled.IsSet);
            RuleFor(r => r.MoveTo.Value).MaximumLength(200).Must(IsOneLine).WithMessage(OneLine).When(r => r.MoveTo.Value is not null);
            RuleFor(r => r.RootCertificates.Value).MaximumLength(Relays.RootCertificates.MostCharacters).When(r => r.RootCertificates.Value is not null);
        }

        private static bool IsOneLine(string? text) => text is { Length: > 0 } && !text.Any(char.IsControl);
    }
}
