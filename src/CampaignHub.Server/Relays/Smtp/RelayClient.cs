using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MimeKit;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>MailKit's client, set for relays.</summary>
internal sealed class RelayClient : SmtpClient
{
    public RelayClient(PhaseTracker tracker, X509Certificate2Collection? trustedRoots)
        : base(tracker)
    {
        // Fetching revocation lists would connect to hosts that certificates name, past the outbound guard.
        CheckCertificateRevocation = false;
        // Silence is bounded per phase by SmtpConnection; MailKit's one timeout must not fire first.
        Timeout = System.Threading.Timeout.Infinite;
        ServerCertificateValidationCallback = (_, certificate, _, errors) =>
            Accept(certificate as X509Certificate2, errors, trustedRoots);
    }

    /// <summary>The certificate that the relay showed, wrong or right; null before TLS.</summary>
    public X509Certificate2? Certificate { get; private set; }

    /// <summary>What was wrong with it.</summary>
    public SslPolicyErrors CertificateErrors { get; private set; }

    /// <summary>One body form only, DATA, so that its phases are the tracker's.</summary>
    public void DropChunking() =>
        Capabilities &= ~(SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime);

    /// <summary>Sends one command and answers its reply, whatever its code.</summary>
    public Task<SmtpResponse> CommandAsync(string command, CancellationToken cancellationToken) =>
        SendCommandAsync(command, cancellationToken);

    /// <summary>Asked right before DATA; false ends the transaction without it.</summary>
    public Func<bool>? MayBeginData { get; set; }

    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
    {
        if (MayBeginData?.Invoke() == false)
            throw new DataNotBegunException();
        base.OnRecipientAccepted(message, mailbox, response);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Certificate?.Dispose();
        base.Dispose(disposing);
    }

    private bool Accept(X509Certificate2? certificate, SslPolicyErrors errors, X509Certificate2Collection? roots)
    {
        if (roots is not null && certificate is not null && IsRootedIn(roots, certificate))
            errors &= ~SslPolicyErrors.RemoteCertificateChainErrors;
        CertificateErrors = errors;
        Certificate = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.RawData);
        return errors == SslPolicyErrors.None;
    }

    private static bool IsRootedIn(X509Certificate2Collection roots, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}

/// <summary>The caller took back its leave to send between MAIL FROM and DATA.</summary>
internal sealed class DataNotBegunException() : Exception("Too much time had passed before DATA: what allowed the message must be checked again.");
