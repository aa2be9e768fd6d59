using System.Diagnostics;
using System.Net;

namespace CampaignHub.Server.Tests.Inbound;

/// <summary>A real mail server, which hands mail for one domain to an LMTP port and all other mail to another server.</summary>
public sealed class Postfix : IAsyncDisposable
{
    public const string Packages = "postfix";
    public const string Program = "/usr/lib/postfix/sbin/master";

    private readonly ServerProgram _server;

    private Postfix(ServerProgram server, int port) => (_server, Port) = (server, port);

    public int Port { get; }

    /// <param name="nextPort">Where mail goes on to.</param>
    /// <param name="bounceDomain">The domain whose mail is handed back.</param>
    /// <param name="bounces">The LMTP port that it is handed to.</param>
    public static async Task<Postfix> StartAsync(int nextPort, string bounceDomain, IPEndPoint bounces)
    {
        var directory = Directory.CreateTempSubdirectory("chp-");
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0b111_101_101);
        var port = ServerProgram.FreePorts(1)[0];
        var settings = directory.CreateSubdirectory("conf").FullName;
        await File.WriteAllTextAsync(Path.Combine(settings, "main.cf"), $$"""
            compatibility_level = 3.6
            queue_directory = {{directory.FullName}}/queue
            data_directory = {{directory.FullName}}/data
            daemon_directory = /usr/lib/postfix/sbin
            command_directory = /usr/sbin
            mail_owner = daemon
            setgid_group = games
            maillog_file = {{directory.FullName}}/log
            maillog_file_prefixes = {{Path.GetTempPath().TrimEnd('/')}}
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            myhostname = mx.example
            mydestination =
            alias_maps =
            local_recipient_maps =
            mynetworks = 127.0.0.0/8
            relayhost = [127.0.0.1]:{{nextPort}}
            transport_maps = inline:{ {{bounceDomain}}=lmtp:inet:{{bounces}} }
            smtp_tls_security_level = none
            minimal_backoff_time = 1s
            queue_run_delay = 1s

            """);
        await File.WriteAllTextAsync(Path.Combine(settings, "master.cf"), $"""
            127.0.0.1:{port} inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 1 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            lmtp unix - - n - - lmtp
            error unix - - n - - error
            retry unix - - n - - error
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd

            """);
        await MakeQueueAsync(directory);
        return new Postfix(await ServerProgram.StartAsync(directory, [port], Program, "-c", settings, "-d"), port);
    }

    public string Log() => _server.Log();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task MakeQueueAsync(DirectoryInfo directory)
    {
        using var made = Process.Start(new ProcessStartInfo("/bin/sh", ["-ec", """
            mkdir -p queue data && cd queue
            for d in active bounce corrupt defer deferred flush hold incoming private saved trace; do mkdir "$d"; chown daemon "$d"; chmod 700 "$d"; done
            mkdir pid maildrop public
            chown daemon:games maildrop public; chmod 730 maildrop; chmod 710 public; chown daemon ../data
            """])
        { WorkingDirectory = directory.FullName })!;
        await made.WaitForExitAsync();
        made.ExitCode.ShouldBe(0);
    }
}
