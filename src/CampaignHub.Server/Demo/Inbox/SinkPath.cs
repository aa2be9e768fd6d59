namespace CampaignHub.Server.Demo.Inbox;

/// <summary>The argument of MAIL and RCPT: <c>FROM:&lt;path&gt; parameters</c> (RFC 5321 4.1.1.2).</summary>
internal sealed record SinkPath(string Address, IReadOnlyList<string> Parameters)
{
    /// <summary>Null when it is not of this form.</summary>
    public static SinkPath? Parse(string argument, string keyword)
    {
        if (!argument.StartsWith(keyword + ":", StringComparison.OrdinalIgnoreCase))
            return null;
        var rest = argument[(keyword.Length + 1)..].TrimStart();
        if (!rest.StartsWith('<') || End(rest) is not { } end)
            return null;
        return new SinkPath(rest[1..end], rest[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The SIZE parameter (RFC 1870), 0 when absent.</summary>
    public long Size => Parameters
        .Where(p => p.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase))
        .Select(p => long.TryParse(p.AsSpan(5), out var size) ? size : 0)
        .FirstOrDefault();

    // A '>' inside a quoted local part does not end the path.
    private static int? End(string path)
    {
        var quoted = false;
        for (var i = 1; i < path.Length; i++)
        {
            if (path[i] == '\\' && quoted)
                i++;
            else if (path[i] == '"')
                quoted = !quoted;
            else if (path[i] == '>' && !quoted)
                return i;
        }
        return null;
    }
}
