using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using MimeKit;

namespace CampaignHub.Server.Tests.Inbound;

/// <summary>A real IMAP and POP3 server, in which everybody has a mailbox.</summary>
public sealed class Dovecot : IAsyncDisposable
{
    public const string Packages = "dovecot-imapd dovecot-pop3d";
    public const string Program = "/usr/sbin/dovecot";
    public const string Imap = "/usr/lib/dovecot/imap";
    public const string Pop3 = "/usr/lib/dovecot/pop3";
    public const string Password = "secret";

    private readonly ServerProgram _server;

    private Dovecot(ServerProgram server, int imapPort, int pop3Port) => (_server, ImapPort, Pop3Port) = (server, imapPort, pop3Port);

    public int ImapPort { get; }

    public int Pop3Port { get; }

    /// <param name="certificate">With one it offers STARTTLS.</param>
    public static async Task<Dovecot> StartAsync(X509Certificate2? certificate = null)
    {
        // Its sockets want a short path.
        var directory = Directory.CreateTempSubdirectory("chd-");
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(directory.CreateSubdirectory("mail").FullName, (UnixFileMode)0b111_111_111);
        var ports = ServerProgram.FreePorts(2);
        var settings = Path.Combine(directory.FullName, "dovecot.conf");
        await File.WriteAllTextAsync(settings, $$"""
            base_dir = {{directory.FullName}}/run
            state_dir = {{directory.FullName}}/state
            log_path = {{directory.FullName}}/log
            protocols = imap pop3
            {{await SecurityAsync(directory, certificate)}}
            auth_mechanisms = plain
            default_login_user = nobody
            default_internal_user = nobody
            default_internal_group = nogroup
            first_valid_uid = 1
            mail_location = maildir:{{directory.FullName}}/mail/%u
            passdb {
              driver = static
              args = password={{Password}}
            }
            userdb {
              driver = static
              args = uid=nobody gid=nogroup home={{directory.FullName}}/mail/%u
            }
            service imap-login {
              chroot =
              inet_listener imap {
                address = 127.0.0.1
                port = {{ports[0]}}
              }
              inet_listener imaps {
                port = 0
              }
            }
            service pop3-login {
              chroot =
              inet_listener pop3 {
                address = 127.0.0.1
                port = {{ports[1]}}
              }
              inet_listener pop3s {
                port = 0
              }
            }
            service anvil {
              chroot =
            }

            """);
        return new Dovecot(await ServerProgram.StartAsync(directory, ports, Program, "-F", "-c", settings), ports[0], ports[1]);
    }

    private static async Task<string> SecurityAsync(DirectoryInfo directory, X509Certificate2? certificate)
    {
        if (certificate is null)
            return "ssl = no\ndisable_plaintext_auth = no";
        var pem = Path.Combine(directory.FullName, "tls.pem");
        await File.WriteAllTextAsync(pem, $"{certificate.ExportCertificatePem()}\n{certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n");
        return $"ssl = yes\nssl_cert = <{pem}\nssl_key = <{pem}";
    }

    /// <summary>Puts a message into somebody's inbox.</summary>
    public Task PutAsync(string user, string message) => WithAsync(user, async client =>
    {
        using var bytes = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")));
        await client.Inbox!.AppendAsync(new AppendRequest(await MimeMessage.LoadAsync(bytes)));
    });

    /// <summary>Subjects of the messages in one of somebody's folders.</summary>
    public async Task<IReadOnlyList<string>> SubjectsAsync(string user, string folder = "INBOX")
    {
        var subjects = new List<string>();
        await WithAsync(user, async client =>
        {
            var opened = await client.GetFolderAsync(folder);
            await opened.OpenAsync(FolderAccess.ReadOnly);
            for (var i = 0; i < opened.Count; i++)
                subjects.Add((await opened.GetHeadersAsync(i))["Subject"]!);
        });
        return subjects;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task WithAsync(string user, Func<ImapClient, Task> use)
    {
        using var client = new ImapClient();
        await client.ConnectAsync("127.0.0.1", ImapPort, SecureSocketOptions.None);
        await client.AuthenticateAsync(user, Password);
        await use(client);
        await client.DisconnectAsync(quit: true);
    }
}
