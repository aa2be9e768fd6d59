using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CampaignHub.Server.Domains;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignHub.Server.Tests.Domains;

/// <summary>
/// What an operator has before the service: a server that ends TLS and hands on what comes, with a certificate for some names from
/// an authority of the test's own. The service's probe is led to it, whatever the name, and trusts that authority only.
/// </summary>
public sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _authority = NewAuthority();
    private readonly Task _running;
    private X509Certificate2? _certificate;

    public TlsFront()
    {
        _listener.Start();
        _running = ServeAsync();
    }

    /// <summary>The service behind it; null: nobody answers.</summary>
    public Uri? Behind { get; set; }

    /// <summary>The names that its certificate is for.</summary>
    public void CertifyFor(params string[] names)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        using var signed = request.Create(_authority, _authority.NotBefore, _authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);
        // An ephemeral key isn't taken by every platform's TLS.
        _certificate = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Leads the probe here.</summary>
    public void Lead(IServiceCollection services) => services.AddHttpClient(TrackingHostProbe.ClientName).ConfigurePrimaryHttpMessageHandler(() =>
    {
#pragma warning disable RS0030 // The test stands in for the network.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero };
#pragma warning restore RS0030
        handler.ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_listener.LocalEndpoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return handler;
    });

    private static X509Certificate2 NewAuthority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = Task.Run(() => HandOnAsync(client));
        }
    }

    private async Task HandOnAsync(TcpClient client)
    {
        using (client)
        {
            if (_certificate is null || Behind is not { } behind)
                return;
            try
            {
                await using var outer = new SslStream(client.GetStream());
                await outer.AuthenticateAsServerAsync(_certificate);
                using var inner = new TcpClient();
                await inner.ConnectAsync(behind.Host, behind.Port, _stop.Token);
                await Task.WhenAny(outer.CopyToAsync(inner.GetStream(), _stop.Token), inner.GetStream().CopyToAsync(outer, _stop.Token));
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
            {
                // Who asks has hung up: what it makes of it is looked at by the test.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _certificate?.Dispose();
        _authority.Dispose();
    }
}
