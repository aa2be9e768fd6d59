using System.Net;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tracking;

/// <summary>The networks of data centres that the operator names, read once at the start.</summary>
internal sealed class DataCentreNetworks(NetworkSet networks)
{
    public static DataCentreNetworks Read(Settings settings)
    {
        if (settings.Tracking.DataCentreNetworks is not { } file)
            return new DataCentreNetworks(NetworkSet.Empty);
        try
        {
            return new DataCentreNetworks(NetworkSet.Parse(File.ReadLines(file)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new StartupException($"CampaignHub__Tracking__DataCentreNetworks, {file}, can't be read: {fault.Message}", fault);
        }
    }

    public bool Contain(IPAddress address) => networks.Contains(address);
}
