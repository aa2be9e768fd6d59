namespace CampaignHub.Server.Tests;

/// <summary>The repository as text: for rules that no compiled type shows.</summary>
internal static class Sources
{
    /// <summary>The checkout: the folder above the tests that holds the solution.</summary>
    public static readonly string Root = FindRoot();

    private const string ServerFolder = "src/CampaignHub.Server";

    /// <summary>Every C# and SQL file of the service and of its migrations, comments left out.</summary>
    public static readonly IReadOnlyList<Source> All = [.. Read("src", "*.cs"), .. Read("src", "*.sql"), .. Read("migrations", "*.sql")];

    private static IEnumerable<Source> Read(string folder, string pattern) =>
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !relative.Split('/').Any(part => part is "bin" or "obj")
        select new Source(relative, RoomOf(relative), WithoutComments(path));

    private static string WithoutComments(string path) => string.Join('\n', File.ReadLines(path).Select(line =>
        line.TrimStart() is var text && (text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith("--", StringComparison.Ordinal)) ? "" : line));

    private static string RoomOf(string relative) =>
        relative.StartsWith(ServerFolder + "/", StringComparison.Ordinal) ? relative[(ServerFolder.Length + 1)..].Split('/')[0] : "";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CampaignHub.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not stand in a checkout.");
    }
}

/// <summary>One source file.</summary>
/// <param name="Path">From the repository's root.</param>
/// <param name="Room">The room of the service that it stands in, or the name of a file that stands in none.</param>
/// <param name="Text">Lines that are comments altogether are empty.</param>
internal sealed record Source(string Path, string Room, string Text)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
}
