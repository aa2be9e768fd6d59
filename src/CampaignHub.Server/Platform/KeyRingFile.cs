using System.Security.Cryptography;
using CampaignHub.Core.Tenancy;

namespace CampaignHub.Server.Platform;

/// <summary>
/// Where the key ring lies: the file named by <c>CampaignHub:KeyRing</c>, or one in the data directory that is made at
/// the first start. Its text has one key a line, <c>id:base64</c>.
/// </summary>
public sealed class KeyRingFile(IConfiguration settings, DataDirectory directory)
{
    private const int KeyBytes = 32;

    private readonly string? _given = settings["CampaignHub:KeyRing"] is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>Absolute path.</summary>
    public string Place => _given ?? directory.PathOf("keyring");

    public bool Exists => File.Exists(Place);

    /// <exception cref="StartupException">It is no key ring.</exception>
    public static KeyRing Parse(string text, string place)
    {
        try
        {
            return KeyRing.Parse(text);
        }
        catch (FormatException e)
        {
            throw new StartupException($"{place} is no key ring ({e.Message.TrimEnd('.')}): put the right file there.", e);
        }
    }

    /// <exception cref="StartupException">A path was given, and the file is not there or cannot be read.</exception>
    public string Read()
    {
        if (_given is null)
            return DurableFile.ReadOrCreate(Place, () => $"1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes))}\n");
        try
        {
            return File.ReadAllText(_given);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The key ring {_given} cannot be read ({e.Message}); put the file there, or correct CampaignHub__KeyRing.", e);
        }
    }
}
