namespace CampaignHub.Tests;

/// <summary>Finds the shared corpora, which lie beside the checkout and are read in place.</summary>
public static class Corpora
{
    private static readonly string[] Places = ["../shared/corpora", "../../shared/corpora"];

    /// <summary>The full path of a corpus file, or null where the corpora are absent.</summary>
    public static string? Find(string relative) =>
        Roots().Select(root => Path.GetFullPath(Path.Combine(root, relative))).FirstOrDefault(Path.Exists);

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("CAMPAIGNHUB_CORPORA") is { Length: > 0 } named)
            return [named];
        return Checkout() is { } checkout ? Places.Select(place => Path.Combine(checkout, place)) : [];
    }

    private static string? Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CampaignHub.sln")))
            folder = folder.Parent;
        return folder?.FullName;
    }
}
