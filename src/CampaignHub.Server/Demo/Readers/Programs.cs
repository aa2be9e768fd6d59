namespace CampaignHub.Server.Demo.Readers;

/// <summary>What programs call themselves.</summary>
internal static class Programs
{
    public const string DesktopBrowser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

    public const string ApplePrivacyProxy = "Mozilla/5.0";

    private const string PhoneBrowser = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";
    private const string DesktopMail = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.3.0";
    private const string PhoneMail = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/141.0.0.0 Mobile Safari/537.36";
    private const string GmailProxy = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";

    /// <summary>Who loads the images of a mail.</summary>
    public static string OfImages(MailProgram program) => program switch
    {
        MailProgram.Phone => PhoneMail,
        MailProgram.Gmail => GmailProxy,
        MailProgram.ApplePrivacy => ApplePrivacyProxy,
        _ => DesktopMail,
    };

    /// <summary>What a click opens.</summary>
    public static string OfBrowser(MailProgram program) =>
        program is MailProgram.Phone or MailProgram.ApplePrivacy ? PhoneBrowser : DesktopBrowser;
}
