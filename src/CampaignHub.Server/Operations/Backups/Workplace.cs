namespace CampaignHub.Server.Operations.Backups;

/// <summary>A directory for the parts of a backup, which only its owner can enter and which is gone afterwards.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly string _path;

    public Workplace(string path)
    {
        _path = path;
        // One that was killed may have left its own.
        Dispose();
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string PathOf(string name) => Path.Combine(_path, name);

    public void Dispose()
    {
        if (Directory.Exists(_path))
            Directory.Delete(_path, recursive: true);
    }
}
