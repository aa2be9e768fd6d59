using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CampaignHub.Core.Webhooks;
using Xunit.Abstractions;

namespace CampaignHub.Core.Tests.Webhooks;

/// <summary>The code that docs/connect/webhooks.md gives receivers, run where its language is installed.</summary>
public sealed class VerifyingCodeTests(ITestOutputHelper output)
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("python", "python3", ".py", """
        import sys
        with open(sys.argv[1], "rb") as f: body = f.read()
        print("yes" if verify("SECRET", {"webhook-id": "ID", "webhook-timestamp": "STAMP", "webhook-signature": "SIGNATURES"}, body) else "no")
        """)]
    [InlineData("js", "node", ".js", """
        console.log(verify("SECRET", { "webhook-id": "ID", "webhook-timestamp": "STAMP", "webhook-signature": "SIGNATURES" },
          require("node:fs").readFileSync(process.argv[2])) ? "yes" : "no");
        """)]
    [InlineData("php", "php", ".php", """
        echo verify("SECRET", ["webhook-id" => "ID", "webhook-timestamp" => "STAMP", "webhook-signature" => "SIGNATURES"], file_get_contents($argv[1])) ? "yes" : "no";
        """)]
    public async Task The_documented_code_takes_what_we_sign_and_nothing_else(string language, string program, string ending, string driver)
    {
        var code = Regex.Match(await File.ReadAllTextAsync(Document()), $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        code.ShouldNotBeEmpty();
        var folder = Directory.CreateTempSubdirectory("campaignhub-verify-");
        try
        {
            var body = Encoding.UTF8.GetBytes("""{"type":"delivery.clicked","data":{"url":"https://shop.example/ü"}}""");
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            string[] answers =
            [
                await RunAsync(now, body, body),
                await RunAsync(now, body, [.. body, 32]),
                await RunAsync(now - 400, body, body),
            ];
            if (answers.Contains("none"))
                output.WriteLine($"Skipped: {program} is not installed.");
            else
                answers.ShouldBe(["yes", "no", "no"]);

            async Task<string> RunAsync(long stamp, byte[] signed, byte[] sent)
            {
                var (script, content) = (Path.Combine(folder.FullName, "verify" + ending), Path.Combine(folder.FullName, "body"));
                var signatures = WebhookSignature.Sign("msg_1", stamp, signed, [[9], Secret]);
                var call = driver.Replace("SECRET", WebhookSignature.Format(Secret), StringComparison.Ordinal).Replace("\"ID\"", "\"msg_1\"", StringComparison.Ordinal)
                    .Replace("STAMP", stamp.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("SIGNATURES", signatures, StringComparison.Ordinal);
                await File.WriteAllTextAsync(script, $"{(language == "php" ? "<?php\n" : "")}{code}\n{call}\n");
                await File.WriteAllBytesAsync(content, sent);
                return await OutputOfAsync(program, script, content);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The compiler has this file, and it has the document's code line by line.</summary>
    [Fact]
    public async Task The_documented_code_for_dotnet_takes_what_we_sign_and_nothing_else()
    {
        LinesOf(await File.ReadAllTextAsync(ThisFile())).ShouldContain(LinesOf(Regex.Match(await File.ReadAllTextAsync(Document()), "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value));

        var body = "{}"u8.ToArray();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        IsTaken(now, Secret, body).ShouldBeTrue();
        IsTaken(now, Secret, [.. body, 32]).ShouldBeFalse();
        IsTaken(now, [8], body).ShouldBeFalse();
        IsTaken(now - 400, Secret, body).ShouldBeFalse();

        bool IsTaken(long stamp, byte[] secret, byte[] sent) => Verify(
            WebhookSignature.Format(Secret), "msg_1", stamp.ToString(CultureInfo.InvariantCulture), WebhookSignature.Sign("msg_1", stamp, body, [[9], secret]), sent);

        static string LinesOf(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));
    }

#pragma warning disable RS0030, CA1305, IDE0040 // It is a receiver's code, as the document has it.
    static bool Verify(string secret, string id, string timestamp, string signatures, byte[] body)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
        var fresh = Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(timestamp)) <= 300;
        return fresh && signatures.Split(' ').Any(given => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected));
    }
#pragma warning restore RS0030, CA1305, IDE0040

    private static async Task<string> OutputOfAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var answer = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return answer.Trim();
        }
        catch (Win32Exception)
        {
            return "none";
        }
    }

    private static string ThisFile([CallerFilePath] string here = "") => here;

    private static string Document([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/connect/webhooks.md"));
}
