using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Audio;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.Gateway.Tests.Clients;

/// <summary>OpenAI's own .NET client asks for images and sound: its forms are read as any.</summary>
public sealed class DotNetMediaTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Model = "sample-model";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sound_to_text()
    {
        await using var world = await ClientWorld.StartAsync(fixture, "openai", _ => Script.Json(MediaWire.Transcription("So it is.", new WireUsage(14, 45) { AudioInput = 10 })));
        using var sound = new MemoryStream(MediaWire.Speech(50_000));

        var answer = (await Client(world).GetAudioClient(Model).TranscribeAudioAsync(sound, "a.mp3", new() { Language = "en" }, Cancel)).Value;

        answer.Text.ShouldBe("So it is.");
        world.Upstream.Requests.ShouldHaveSingleItem().Model.ShouldBe(Model);
        (await world.RecordsAsync(Model, 1)).ShouldHaveSingleItem().AudioTokens.ShouldBe(10);
        world.Upstream.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Text_to_sound()
    {
        await using var world = await ClientWorld.StartAsync(fixture, "openai", _ => Script.Body(200, "audio/mpeg", MediaWire.Speech(500_000)));

        var answer = (await Client(world).GetAudioClient(Model).GenerateSpeechAsync("Hello.", GeneratedSpeechVoice.Alloy, cancellationToken: Cancel)).Value;

        answer.ToArray().ShouldBe(MediaWire.Speech(500_000));
        (await world.RecordsAsync(Model, 1)).ShouldHaveSingleItem().Characters.ShouldBe(6);
    }

    [Fact]
    public async Task Images_and_their_edits()
    {
        await using var world = await ClientWorld.StartAsync(fixture, "openai", _ => Script.Json(MediaWire.Images(1, new(9, 100))));
        var client = Client(world).GetImageClient(Model);
        using var image = new MemoryStream(MediaWire.Speech(5_000));

        var made = (await client.GenerateImageAsync("x", cancellationToken: Cancel)).Value;
        var edited = (await client.GenerateImageEditAsync(image, "a.png", "x", cancellationToken: Cancel)).Value;

        made.ImageBytes.ToArray().ShouldBe(edited.ImageBytes.ToArray());
        var records = await world.RecordsAsync(Model, 2);
        records.Select(r => (r.Operation, r.Images)).ShouldBe([("image_generation", 1), ("image_edit", 1)], ignoreOrder: true);
        world.Upstream.Faults.ShouldBeEmpty();
    }

    private static OpenAIClient Client(ClientWorld world) =>
        new(new ApiKeyCredential(world.Key), new() { Endpoint = new(world.Url, "v1"), RetryPolicy = new ClientRetryPolicy(0) });
}
