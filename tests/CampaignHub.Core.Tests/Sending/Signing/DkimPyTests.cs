using System.Diagnostics;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Core.Tests.Sending.Composing;
using NodaTime;

namespace CampaignHub.Core.Tests.Sending.Signing;

/// <summary>A third implementation: Debian's python3-dkim, as mail servers use it.</summary>
public sealed class DkimPyTests
{
    // Prints for each signature, from the top, whether it holds; the arguments are the records by selector.
    private const string Script = """
        import sys, dkim
        records = dict(zip(sys.argv[1::2], sys.argv[2::2]))
        txt = lambda name, timeout=5: records[name.decode().split('.')[0]].encode()
        message = dkim.DKIM(sys.stdin.buffer.read())
        def holds(i):
            try:
                return message.verify(idx=i, dnsfunc=txt)
            except dkim.ValidationError:
                return False
        print([holds(i) for i in range(2)])
        """;

    [DkimPyFact]
    public void Both_signatures_verify()
    {
        Verify(Signed()).ShouldBe("[True, True]");
    }

    [DkimPyFact]
    public void A_changed_message_does_not_verify()
    {
        var signed = Signed();
        signed[^60] ^= 1;
        Verify(signed).ShouldBe("[False, False]");
    }

    // It takes no t= that is still ahead, whatever the day on which the test runs.
    private static byte[] Signed()
    {
        using var signer = new DkimSigner([DkimKeys.RsaKey, DkimKeys.Ed25519Key]);
        var envelope = Messages.Envelope with { Date = Instant.FromUtc(2025, 1, 2, 3, 4) };
        var message = Messages.Bytes(Messages.Content("Grüße an alle", "<p>  Ein  Gruß</p>\n\n", "Ein Gruß\n\n\n"), envelope);
        return DkimSignerTests.Sign(signer, message, envelope.Date);
    }

    private static string Verify(byte[] message)
    {
        using var python = Process.Start(new ProcessStartInfo(DkimPyFactAttribute.Python, ["-c", Script, .. Records()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        python.StandardInput.BaseStream.Write(message);
        python.StandardInput.Close();
        return python.StandardOutput.ReadToEnd().Trim();
    }

    private static string[] Records() =>
        [DkimKeys.RsaKey.Selector, DkimKeys.Record(DkimKeys.RsaKey), DkimKeys.Ed25519Key.Selector, DkimKeys.Record(DkimKeys.Ed25519Key)];
}

/// <summary>A fact for which python3-dkim must be installed; skipped, saying so, where it isn't.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DkimPyFactAttribute : FactAttribute
{
    /// <summary>Debian's own: its packages are not those of another Python on the path.</summary>
    public const string Python = "/usr/bin/python3";

    public DkimPyFactAttribute()
    {
        if (!IsInstalled())
            Skip = "python3-dkim is absent (Debian's package of this name).";
    }

    private static bool IsInstalled()
    {
        if (!File.Exists(Python))
            return false;
        using var python = Process.Start(new ProcessStartInfo(Python, ["-c", "import dkim, nacl"]) { RedirectStandardError = true })!;
        python.WaitForExit();
        return python.ExitCode == 0;
    }
}
