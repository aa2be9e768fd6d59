using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>The rules for a relay's certificate (name, chain, validity, by own roots where given), what it showed, and what was wrong.</summary>
internal sealed class RelayCertificate(RelaySettings settings) : IDisposable
{
    /// <summary>The certificate that the relay showed, wrong or right.</summary>
    public X509Certificate2? Shown { get; private set; }

    /// <summary>What was wrong with it.</summary>
    public SslPolicyErrors Errors { get; private set; }

    /// <summary>The same in words; null when it is right.</summary>
    public string? Fault { get; private set; }

    public SslProtocols Protocol { get; set; }

    public SslClientAuthenticationOptions Options => new()
    {
        TargetHost = settings.Host,
        CertificateChainPolicy = Policy(),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsRight(certificate, chain, errors),
    };

    public void Dispose() => Shown?.Dispose();

    // Fetching revocation lists or missing issuers would connect to hosts that certificates name, past the outbound guard.
    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (settings.TrustedRoots is not { } roots)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private bool IsRight(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Errors = errors;
        Shown = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        if (errors == SslPolicyErrors.None)
            return true;
        Fault = string.Join("; ", Faults(errors, chain).Distinct());
        return false;
    }

    private IEnumerable<string> Faults(SslPolicyErrors errors, X509Chain? chain)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            yield return "the relay shows no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            yield return $"the certificate is for {Names()}, not for {settings.Host}";
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            foreach (var status in element.ChainElementStatus)
                yield return Word(element.Certificate, status);
        }
    }

    private string Names()
    {
        var names = Shown?.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => $"{address}")));
        return string.Join(", ", names?.Take(5) ?? []) is { Length: > 0 } listed ? listed : Shown?.Subject ?? "nobody";
    }

    private static string Word(X509Certificate2 certificate, X509ChainStatus status) => status.Status switch
    {
        X509ChainStatusFlags.NotTimeValid => string.Create(CultureInfo.InvariantCulture,
            $"the certificate of {certificate.Subject} is valid only from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC"),
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain =>
            $"the certificate of {certificate.Subject}, issued by {certificate.Issuer}, leads to no trusted root",
        _ => $"the certificate of {certificate.Subject}: {status.StatusInformation.Trim()}",
    };
}
