using System.Collections.Concurrent;

namespace CampaignHub.Server.Platform.Database;

/// <summary>Statements too long for a line of code: each in an <c>.sql</c> file beside the store that runs it.</summary>
internal static class SqlFiles
{
    private static readonly ConcurrentDictionary<string, string> Texts = new();

    public static string Read(string name) => Texts.GetOrAdd(name, static wanted =>
    {
        using var stream = typeof(SqlFiles).Assembly.GetManifestResourceStream($"sql/{wanted}.sql")
            ?? throw new InvalidOperationException($"There is no embedded sql/{wanted}.sql.");
        return new StreamReader(stream).ReadToEnd();
    });
}
