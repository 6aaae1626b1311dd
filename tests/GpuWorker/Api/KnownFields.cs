using System.Collections.Frozen;

namespace Platform.GpuWorker.Api;

/// <summary>
/// The members that requests may have: OpenAI's (specification 2.3.0) and vLLM's own. Most change nothing here, since
/// the answer is filler; a member outside these lists is the caller's mistake.
/// </summary>
internal static class KnownFields
{
    private static readonly string[] Common = Words("""
        model stream stream_options max_tokens min_tokens n seed stop temperature top_p user frequency_penalty presence_penalty
        logit_bias logprobs ignore_eos top_k min_p repetition_penalty length_penalty stop_token_ids include_stop_str_in_output
        skip_special_tokens spaces_between_special_tokens truncate_prompt_tokens prompt_logprobs allowed_token_ids bad_words
        use_beam_search best_of echo add_special_tokens structured_outputs guided_json guided_regex guided_choice guided_grammar
        response_format priority request_id cache_salt kv_transfer_params vllm_xargs logits_processors return_token_ids
        return_tokens_as_token_ids
        """);

    public static FrozenSet<string> Chat { get; } = Words("""
        messages max_completion_tokens tools tool_choice parallel_tool_calls functions function_call top_logprobs metadata
        safety_identifier prompt_cache_key prompt_cache_retention prompt_cache_options service_tier modalities verbosity
        reasoning_effort include_reasoning web_search_options audio store moderation prediction add_generation_prompt
        continue_final_message documents chat_template chat_template_kwargs mm_processor_kwargs
        """).Concat(Common).ToFrozenSet();

    public static FrozenSet<string> Completion { get; } = Words("prompt suffix").Concat(Common).ToFrozenSet();

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
