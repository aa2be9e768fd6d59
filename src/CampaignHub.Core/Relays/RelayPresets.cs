using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Core.Sending.Composing.Mime;

namespace CampaignHub.Core.Relays;

/// <summary>The providers that a relay can be set up for by name. What to do at each is in docs/connect/relays.md.</summary>
public static class RelayPresets
{
    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<RelayPreset> All { get; } = [Ses(), Mailgun(), Postmark(), SendGrid(), Brevo(), DirectMail(), AlibabaMail(), Gmail()];

    public static RelayPreset? Named(string? name) => All.FirstOrDefault(preset => preset.Name == name);

    private static RelayPreset Ses() => new()
    {
        Name = "ses",
        Title = "Amazon SES",
        Hosts = """
            af-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3
            ap-southeast-5 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-west-1 eu-west-2 eu-west-3
            il-central-1 me-central-1 me-south-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1 us-west-2
            """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToDictionary(region => region, region => $"email-smtp.{region}.amazonaws.com"),
        MaxPerSecond = 14,
        Headers = new Dictionary<string, string> { [ProviderEvent.TokenHeader] = ExtraHeader.DeliveryToken },
        Notes =
        [
            "username and password are SMTP credentials made in the SES console for this region, not an access key of IAM.",
            "Set max_per_second to the send rate that the console shows: 1 in the sandbox, often 14 after it.",
            "Verify the domain of the campaign's from as an identity, and ask to be let out of the sandbox.",
            "Let the identity have no default configuration set that tracks opens or clicks.",
        ],
        Documentation = new("https://docs.aws.amazon.com/ses/latest/dg/send-email-smtp.html"),
    };

    private static RelayPreset Mailgun() => new()
    {
        Name = "mailgun",
        Title = "Mailgun",
        Hosts = new Dictionary<string, string> { ["us"] = "smtp.mailgun.org", ["eu"] = "smtp.eu.mailgun.org" },
        Headers = new Dictionary<string, string>
        {
            ["X-Mailgun-Track"] = "no",
            ["X-Mailgun-Track-Clicks"] = "no",
            ["X-Mailgun-Track-Opens"] = "no",
            ["X-Mailgun-Variables"] = """{"campaignhub":"{delivery_token}"}""",
        },
        Notes =
        [
            "username and password are the SMTP credentials of the sending domain, such as postmaster@mail.shop.example.",
            "preset_region is where the domain was made: a domain of the EU is not known to the US host.",
            "Verify the domain at Mailgun by the DNS records that it shows.",
        ],
        Documentation = new("https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-smtp"),
    };

    private static RelayPreset Postmark() => new()
    {
        Name = "postmark",
        Title = "Postmark",
        Hosts = new Dictionary<string, string> { [RelayPreset.Everywhere] = "smtp-broadcasts.postmarkapp.com" },
        DefaultRegion = RelayPreset.Everywhere,
        Headers = new Dictionary<string, string>
        {
            ["X-PM-Message-Stream"] = "broadcast",
            ["X-PM-TrackOpens"] = "false",
            ["X-PM-TrackLinks"] = "None",
            [$"X-PM-Metadata-{ProviderEvent.TokenName}"] = ExtraHeader.DeliveryToken,
        },
        Notes =
        [
            "username and password are both the server's API token.",
            "X-PM-Message-Stream is the id of a stream for broadcasts; the first one's is broadcast.",
            "Let the stream handle unsubscribes by yourself, or Postmark adds a link of its own to each message.",
            "Verify the sending domain, or each address, as a sender signature.",
        ],
        Documentation = new("https://postmarkapp.com/developer/user-guide/send-email-with-smtp"),
    };

    private static RelayPreset SendGrid() => new()
    {
        Name = "sendgrid",
        Title = "SendGrid",
        Hosts = new Dictionary<string, string> { [RelayPreset.Everywhere] = "smtp.sendgrid.net", ["eu"] = "smtp.eu.sendgrid.net" },
        DefaultRegion = RelayPreset.Everywhere,
        Username = "apikey",
        Headers = new Dictionary<string, string>
        {
            ["X-SMTPAPI"] = """{"filters":{"clicktrack":{"settings":{"enable":0}},"opentrack":{"settings":{"enable":0}},"subscriptiontrack":{"settings":{"enable":0}}},"unique_args":{"campaignhub":"{delivery_token}"}}""",
        },
        Notes =
        [
            "username is the word apikey; password is an API key that may send mail.",
            "preset_region eu needs a subuser of the EU and its key.",
            "Authenticate the sending domain at SendGrid.",
        ],
        Documentation = new("https://www.twilio.com/docs/sendgrid/for-developers/sending-email/integrating-with-the-smtp-api"),
    };

    private static RelayPreset Brevo() => new()
    {
        Name = "brevo",
        Title = "Brevo",
        Hosts = new Dictionary<string, string> { [RelayPreset.Everywhere] = "smtp-relay.brevo.com" },
        DefaultRegion = RelayPreset.Everywhere,
        Headers = new Dictionary<string, string> { ["X-Mailin-custom"] = $"{ProviderEvent.TokenName}:{ExtraHeader.DeliveryToken}" },
        Notes =
        [
            "username is the login that Brevo shows under SMTP & API; password is an SMTP key, not an API key.",
            "Brevo documents no header that switches its own tracking off: do so in the account's settings.",
            "Verify the sender, and authenticate its domain.",
        ],
        Documentation = new("https://developers.brevo.com/docs/smtp-integration"),
    };

    private static RelayPreset DirectMail() => new()
    {
        Name = "alibaba_directmail",
        Title = "Alibaba Cloud DirectMail",
        Hosts = new Dictionary<string, string>
        {
            ["cn-hangzhou"] = "smtpdm.aliyun.com",
            ["ap-southeast-1"] = "smtpdm-ap-southeast-1.aliyuncs.com",
            ["eu-central-1"] = "smtpdm-eu-central-1.aliyuncs.com",
            ["us-east-1"] = "smtpdm-us-east-1.aliyuncs.com",
        },
        Port = 465,
        Tls = "implicit",
        MaxConnections = 4,
        Notes =
        [
            "username is a sender address of the type batch; password is the SMTP password set for it in the console.",
            "The campaign's from has to be that address: DirectMail refuses another sender than the login.",
            "preset_region is the one whose console made the domain and the address.",
            "The daily quota grows with the account's reputation; the console shows it.",
        ],
        Documentation = new("https://www.alibabacloud.com/help/en/direct-mail/smtp-endpoints"),
    };

    private static RelayPreset AlibabaMail() => new()
    {
        Name = "alibaba_mail",
        Title = "Alibaba Mail",
        Hosts = new Dictionary<string, string>
        {
            ["cn"] = "smtp.qiye.aliyun.com",
            ["de"] = "smtp.de.alibabacloud.com",
            ["hk"] = "smtp.hk.aliyun.com",
            ["sg"] = "smtp.sg.aliyun.com",
            ["us"] = "smtp.us.alibabacloud.com",
        },
        Port = 465,
        Tls = "implicit",
        MaxConnections = 2,
        MaxPerSecond = 1,
        MaxMessagesPerConnection = 20,
        Notes =
        [
            "A mailbox for people: meant for small lists, with a daily limit for each account.",
            "username is the mailbox's whole address; password is its security password for third-party clients, where the administrator asks for one.",
            "The administrator has to allow third-party clients.",
            "The campaign's from has to be the mailbox's address.",
        ],
        Documentation = new("https://www.alibabacloud.com/help/en/alibaba-mail/"),
    };

    private static RelayPreset Gmail() => new()
    {
        Name = "gmail",
        Title = "Gmail",
        Hosts = new Dictionary<string, string> { [RelayPreset.Everywhere] = "smtp.gmail.com" },
        DefaultRegion = RelayPreset.Everywhere,
        MaxConnections = 2,
        MaxPerSecond = 1,
        MaxMessagesPerConnection = 50,
        Notes =
        [
            "A mailbox for people: 500 recipients a day, 2,000 with Google Workspace.",
            "username is the whole address; password is an app password, which needs 2-Step Verification.",
            "The campaign's from has to be the mailbox's address or an alias of it; Gmail writes any other over.",
        ],
        Documentation = new("https://support.google.com/a/answer/176600"),
    };
}
