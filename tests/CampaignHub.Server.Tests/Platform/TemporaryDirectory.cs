namespace CampaignHub.Server.Tests.Platform;

/// <summary>A fresh directory, removed with all that is in it. Its name has a space, because users' paths do.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("campaignhub tests ");

    public string FullPath => _root.FullName;

    public string PathOf(string name) => Path.Combine(FullPath, name);

    public void Dispose() => _root.Delete(recursive: true);
}
