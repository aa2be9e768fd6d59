using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Tests.Platform.Outbound;

/// <summary>Requests to servers that somebody else has chosen, each a real one on loopback.</summary>
public sealed class GuardedHttpTests
{
    private static readonly IPNetwork s_loopback = IPNetwork.Parse("127.0.0.0/8");

    [Fact]
    public async Task A_name_that_leads_inward_by_the_time_it_is_connected_to_is_not()
    {
        using var server = Listening(out var port);
        var asked = 0;
        var guard = new OutboundGuard([], (_, _) => Task.FromResult(new[] { IPAddress.Parse(++asked == 1 ? "8.8.8.8" : "127.0.0.1") }));
        (await guard.ResolveAsync("rebinding.example", CancellationToken.None)).Refusal.ShouldBeNull();

        var fault = await Should.ThrowAsync<HttpRequestException>(GetAsync(guard, $"http://rebinding.example:{port}/"));

        fault.Message.ShouldContain("127.0.0.1");
        asked.ShouldBe(2);
        server.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_checked_is_connected_to_and_a_redirect_is_only_an_answer()
    {
        using var server = Listening(out var port);
        var asked = 0;
        var guard = new OutboundGuard([s_loopback], (_, _) => Task.FromResult(new[] { IPAddress.Parse(++asked == 1 ? "127.0.0.1" : "10.0.0.1") }));
        var serving = AnswerAsync(server, "HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n");

        using var answer = await GetAsync(guard, $"http://shop.example:{port}/");

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await serving).ShouldContain($"Host: shop.example:{port}");
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_certificate_of_nobody_known_is_refused_and_nothing_that_it_names_is_fetched()
    {
        using var named = Listening(out var namedPort);
        using var server = Listening(out var port);
        using var certificate = CertificateNaming($"http://127.0.0.1:{namedPort}/issuer.crt");
        var serving = HandshakeAsync(server, certificate);

        var fault = await Should.ThrowAsync<HttpRequestException>(GetAsync(
            new OutboundGuard([s_loopback], (_, _) => Task.FromResult(new[] { IPAddress.Loopback })), $"https://shop.example:{port}/"));

        fault.InnerException.ShouldBeOfType<System.Security.Authentication.AuthenticationException>();
        await serving;
        // The chain is built before the handshake fails: whatever it wanted to fetch would wait here by now.
        named.Pending().ShouldBeFalse();
    }

    private static Task<HttpResponseMessage> GetAsync(OutboundGuard guard, string url) =>
        new HttpClient(GuardedHttp.NewHandler(guard)).GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead);

    private static TcpListener Listening(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    /// <summary>Answers one request, and tells its head.</summary>
    private static async Task<string> AnswerAsync(TcpListener server, string answer)
    {
        using var client = await server.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var head = new StringBuilder();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            head.AppendLine(line);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        return head.ToString();
    }

    private static async Task HandshakeAsync(TcpListener server, X509Certificate2 certificate)
    {
        using var client = await server.AcceptTcpClientAsync();
        await using var secured = new SslStream(client.GetStream());
        try
        {
            // Offline: the server fetches nothing for its own certificate neither.
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
            });
            _ = await secured.ReadAsync(new byte[1]);
        }
        catch (Exception left) when (left is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client didn't like the certificate.
        }
    }

    /// <summary>A certificate whose issuer is to be fetched from there.</summary>
    private static X509Certificate2 CertificateNaming(string issuerUrl)
    {
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuerRequest = new CertificateRequest("CN=Somebody", issuerKey, HashAlgorithmName.SHA256);
        issuerRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var (start, end) = (new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var issuer = issuerRequest.CreateSelfSigned(start, end);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("shop.example");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuerUrl]));
        using var made = request.Create(issuer, start, end, [1]);
        using var whole = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
