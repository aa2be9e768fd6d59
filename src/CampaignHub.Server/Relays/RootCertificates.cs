using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CampaignHub.Server.Relays;

/// <summary>Certificates, in PEM (RFC 7468), by which a relay's own is judged instead of the system's roots.</summary>
internal static class RootCertificates
{
    public const int MostCharacters = 65_536;
    private const int MostCertificates = 50;

    public static bool TryParse(string pem, [NotNullWhen(true)] out X509Certificate2Collection? roots, [NotNullWhen(false)] out string? problem)
    {
        (roots, problem) = (null, null);
        // They are shown to whoever may read the relay.
        if (pem.Contains("PRIVATE KEY", StringComparison.OrdinalIgnoreCase))
        {
            problem = "There is a private key in it: give the certificates alone, and take that key for lost.";
            return false;
        }
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            problem = "A certificate in it can't be read: give each as it stands in its .pem file, with its first and last line.";
            return false;
        }
        if (found.Count is 0 or > MostCertificates)
        {
            problem = $"It holds {found.Count} certificates in PEM: it must be 1 to {MostCertificates}, each from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
            return false;
        }
        roots = found;
        return true;
    }
}
