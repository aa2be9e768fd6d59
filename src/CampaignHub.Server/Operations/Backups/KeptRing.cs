using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Operations.Backups;

/// <summary>A key ring as it lies in a file, read and never made.</summary>
internal static class KeptRing
{
    /// <summary>The ring in a place opens all that the backup's opens, or nothing is in that place yet.</summary>
    /// <exception cref="StartupException">Another ring is there.</exception>
    public static void RequireRoomFor(KeyRing backedUp, KeyRingFile place)
    {
        if (!place.Exists)
            return;
        var there = KeyRingFile.Parse(place.Read(), place.Place);
        if (backedUp.Names.Except(there.Names).Any())
            throw new StartupException($"The key ring {place.Place} ({there.Fingerprint}) is not the backup's ({backedUp.Fingerprint}): restore into a new data directory, named by CampaignHub__DataDirectory.");
    }
}
