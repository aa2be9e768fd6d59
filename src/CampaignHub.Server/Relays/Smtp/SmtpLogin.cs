using System.Buffers.Text;
using System.Net;
using System.Text;
using CampaignHub.Core.Sending;
using MailKit.Security;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>AUTH (RFC 4954), with MailKit's SASL mechanisms.</summary>
internal static class SmtpLogin
{
    // The strongest first. PLAIN and LOGIN show the password: only under TLS, or where the settings say that there is none.
    private static readonly string[] Known = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"];

    // SCRAM, the longest, has three.
    private const int MaxChallenges = 8;

    /// <summary>
    /// The answer to the last mechanism tried. A server may offer one for which it keeps no secret of this user, so
    /// after a no for good the next one is tried, once; PLAIN and LOGIN say the same, so one of them is enough.
    /// </summary>
    public static async Task<SmtpResult> RunAsync(SmtpDialogue dialogue, string[] offered, NetworkCredential credential)
    {
        var both = Known.Intersect(offered).ToList();
        if (both.Count == 0)
            return SmtpResult.Failed(SmtpPhase.Auth, SmtpFailure.Protocol, "the relay offers no login that a password can do");
        var reply = await TryAsync(dialogue, both[0], credential);
        if (reply.IsPermanent && both.Find(name => name is "PLAIN" or "LOGIN") is { } simple && both[0] is not ("PLAIN" or "LOGIN"))
            reply = await TryAsync(dialogue, simple, credential);
        return SmtpResult.Replied(SmtpPhase.Auth, reply);
    }

    private static async Task<SmtpReply> TryAsync(SmtpDialogue dialogue, string mechanism, NetworkCredential credential)
    {
        var sasl = SaslMechanism.Create(mechanism, Encoding.UTF8, credential)!; // MailKit knows all that are in Known
        var initial = sasl.SupportsInitialResponse ? await sasl.ChallengeAsync(null, dialogue.Cancellation) : null;
        var line = initial is null ? $"AUTH {mechanism}" : $"AUTH {mechanism} {(initial.Length == 0 ? "=" : initial)}";
        for (var challenges = 0; challenges <= MaxChallenges; challenges++)
        {
            var reply = await dialogue.AskAsync(SmtpPhase.Auth, line, expected: 0);
            if (reply.IsRefusal || reply.IsPositive)
                return reply;
            if (reply.Code != 334)
                break;
            line = await sasl.ChallengeAsync(Challenge(dialogue.RawReply), dialogue.Cancellation) ?? "";
        }
        throw new BrokenDialogueException(SmtpFailure.Protocol, $"no answer to AUTH {mechanism}");
    }

    // What isn't base64 is left to the mechanism as nothing: LOGIN doesn't mind, the others fail by it.
    private static string Challenge(ReadOnlySpan<byte> reply)
    {
        var text = reply[Math.Min(4, reply.Length)..].Trim("\r\n "u8);
        return Base64.IsValid(text) ? Encoding.ASCII.GetString(text) : "";
    }
}
