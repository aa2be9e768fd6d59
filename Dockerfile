# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# What decides the packages comes first, so that a change of code alone restores nothing.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/CampaignHub.Core/CampaignHub.Core.csproj src/CampaignHub.Core/packages.lock.json src/CampaignHub.Core/
COPY src/CampaignHub.Server/CampaignHub.Server.csproj src/CampaignHub.Server/packages.lock.json src/CampaignHub.Server/
RUN dotnet restore src/CampaignHub.Server --locked-mode

COPY migrations/ migrations/
COPY src/ src/
RUN dotnet publish src/CampaignHub.Server --configuration Release --no-restore --output /app \
    && mkdir /data

# No shell and no package manager; its user "app" (1654) is not root.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS service
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=1654:1654 /data /data

ENV ASPNETCORE_ENVIRONMENT=Production \
    ASPNETCORE_URLS=http://+:8080 \
    CampaignHub__DataDirectory=/data
# The base image's own setting of the port would stand beside ASPNETCORE_URLS and be warned of at each start.
ENV ASPNETCORE_HTTP_PORTS=

# Node id and, unless they are given, the key ring and the operator key. PostgreSQL is elsewhere: ConnectionStrings__CampaignHub.
VOLUME /data
EXPOSE 8080
USER 1654:1654
ENTRYPOINT ["./CampaignHub", "up"]
