namespace CampaignHub.Core.Inbound.Providers;

/// <summary>A provider that posts what happened to mail; on the wire by <see cref="WireWords"/>.</summary>
public enum ProviderKind
{
    /// <summary>Amazon SES, through a topic of Amazon SNS.</summary>
    Ses,

    /// <summary>Mailgun.</summary>
    Mailgun,

    /// <summary>Postmark.</summary>
    Postmark,

    /// <summary>Twilio SendGrid.</summary>
    Sendgrid,

    /// <summary>Brevo.</summary>
    Brevo,
}
