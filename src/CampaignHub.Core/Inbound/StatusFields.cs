namespace CampaignHub.Core.Inbound;

/// <summary>Groups of fields as in RFC 3464 and RFC 5965, wherever they stand: as a part of their own, or in the middle of a text.</summary>
internal sealed class StatusFields
{
    private const int MostGroups = 100;
    private const int MaxValue = 4_096;

    private readonly List<(string Name, string Value)> _fields = [];

    /// <summary>The first field of this name; null where there is none.</summary>
    public string? this[string name] => All(name).FirstOrDefault();

    public IEnumerable<string> All(string name) =>
        _fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    /// <summary>Groups end at blank lines, and where the next recipient begins without one.</summary>
    public static IReadOnlyList<StatusFields> Read(string text)
    {
        var groups = new List<StatusFields>();
        var group = new StatusFields();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
                Close();
            else if (line[0] is ' ' or '\t')
                group.Fold(line);
            else if (NameOf(line) is { } name)
            {
                if (name.Equals("Final-Recipient", StringComparison.OrdinalIgnoreCase) && group[name] is not null)
                    Close();
                group._fields.Add((name, line[(name.Length + 1)..].Trim().ToString()));
            }
            if (groups.Count == MostGroups)
                return groups;
        }
        Close();
        return groups;

        void Close()
        {
            if (group._fields.Count > 0)
                groups.Add(group);
            group = new StatusFields();
        }
    }

    private void Fold(ReadOnlySpan<char> line)
    {
        if (_fields.Count > 0 && _fields[^1] is var (name, value) && value.Length < MaxValue)
            _fields[^1] = (name, $"{value} {line.Trim()}");
    }

    private static string? NameOf(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        return colon is > 0 and < 64 && !line[..colon].ContainsAnyExcept(s_nameLetters) ? line[..colon].ToString() : null;
    }

    private static readonly System.Buffers.SearchValues<char> s_nameLetters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
}
