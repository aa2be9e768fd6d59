using System.Text;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>AUTH PLAIN (RFC 4616) and AUTH LOGIN, with and without an initial response (RFC 4954).</summary>
internal static class SinkLoginDialogue
{
    /// <summary>The name and password given; null when they cannot be read, or the client gave up.</summary>
    public static async Task<SinkLogin?> ReadAsync(SinkWire wire, string argument, CancellationToken cancellationToken)
    {
        var parts = argument.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        var initial = parts.Length > 1 ? Decode(parts[1]) : null;
        switch (parts.FirstOrDefault()?.ToUpperInvariant())
        {
            case "PLAIN":
                var plain = initial ?? await AskAsync(wire, "", cancellationToken);
                return plain?.Split('\0') is [_, var user, var secret] ? new SinkLogin(user, secret) : null;
            case "LOGIN":
                var name = initial ?? await AskAsync(wire, "Username:", cancellationToken);
                var password = await AskAsync(wire, "Password:", cancellationToken);
                return name is null || password is null ? null : new SinkLogin(name, password);
            default:
                return null;
        }
    }

    private static async Task<string?> AskAsync(SinkWire wire, string challenge, CancellationToken cancellationToken)
    {
        wire.Write(Encoding.ASCII.GetBytes($"334 {Convert.ToBase64String(Encoding.ASCII.GetBytes(challenge))}\r\n"));
        await wire.FlushAsync(cancellationToken);
        return Decode(await wire.ReadLineAsync(cancellationToken) ?? "*");
    }

    private static string? Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written)
            ? Encoding.UTF8.GetString(bytes, 0, written)
            : null;
    }
}
