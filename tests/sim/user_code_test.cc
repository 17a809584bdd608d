#include "sim/user_code.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

const core::TopicNames kTwoTopics{{"orders", "audit"}};

// A piece of the user's code in its place, and a call of it.
class UserCodeTest : public ::testing::Test {
 protected:
  UserCodeOutcome call(core::UserCallKind kind, UserCode code, std::int32_t number = 1) {
    ProducerSpec spec;
    spec.interceptors = {{}, {"second", code, code}};
    spec.key_serializer = spec.value_serializer = spec.partitioner = code;
    spec.callbacks = {{}, std::move(code)};
    core::UserCall call;
    call.kind = kind;
    call.index = 1;
    call.callback = core::CallbackId{1};
    call.argument = record_;
    return run_user_code(call, spec, kTwoTopics, number);
  }
  static std::string text(const core::ByteVector& bytes) { return core::text_of(bytes); }

  core::ProducerRecord record_{.id = core::RecordId{7},
                               .topic = core::TopicId{0},
                               .partition = 3,
                               .timestamp = std::nullopt,
                               .key = core::ByteVector{'k'},
                               .value = core::ByteVector{'v'},
                               .headers = {},
                               .callback = std::nullopt};
};

TEST_F(UserCodeTest, LeftEmptyItDoesNothingAndTakesNoTime) {
  for (const auto kind : {core::UserCallKind::OnSend, core::UserCallKind::Callback,
                          core::UserCallKind::SerializeValue}) {
    const UserCodeOutcome outcome = call(kind, {});
    EXPECT_EQ(outcome.takes, Duration{});
    EXPECT_FALSE(outcome.run.answer.threw || outcome.run.answer.record || outcome.run.answer.bytes);
    EXPECT_FALSE(outcome.run.to_send);
  }
}

TEST_F(UserCodeTest, MayTakeItsTimeAndThrow) {
  UserCode code;
  code.takes = 30ms;
  code.throws = "RuntimeException";
  const UserCodeOutcome outcome = call(core::UserCallKind::OnAcknowledgement, code);
  EXPECT_EQ(outcome.takes, 30ms);
  EXPECT_EQ(outcome.run.answer.threw, "RuntimeException");
}

TEST_F(UserCodeTest, MayActAtOneCallAlone) {
  UserCode code;
  code.takes = 30ms;
  code.throws = "RuntimeException";
  code.only_call = 2;
  EXPECT_EQ(call(core::UserCallKind::Callback, code, 1).takes, Duration{});
  EXPECT_EQ(call(core::UserCallKind::Callback, code, 1).run.answer.threw, std::nullopt);
  EXPECT_EQ(call(core::UserCallKind::Callback, code, 2).takes, 30ms);
  EXPECT_EQ(call(core::UserCallKind::Callback, code, 3).takes, Duration{});
}

TEST_F(UserCodeTest, AnInterceptorMaySendTheRecordElsewhereWithAnotherValue) {
  UserCode code;
  code.topic = "audit";
  code.value = "censored";
  const auto record = call(core::UserCallKind::OnSend, code).run.answer.record;
  ASSERT_TRUE(record);
  EXPECT_EQ(record->topic, core::TopicId{1});
  EXPECT_EQ(text(*record->value), "censored");
  EXPECT_EQ(record->key, record_.key) << "the rest stays";
  EXPECT_EQ(record->partition, 3);
}

TEST_F(UserCodeTest, ASerializerAnswersItsBytes) {
  UserCode code;
  code.value = "{}";
  EXPECT_EQ(text(*call(core::UserCallKind::SerializeKey, code).run.answer.bytes), "{}");
}

TEST_F(UserCodeTest, APartitionerAlwaysAnswersSomething) {
  UserCode code;
  code.partition = 2;
  EXPECT_EQ(call(core::UserCallKind::Partition, code).run.answer.partition, 2);
  EXPECT_EQ(call(core::UserCallKind::Partition, {}).run.answer.partition, 0);
  code.only_call = 2;
  EXPECT_EQ(call(core::UserCallKind::Partition, code, 1).run.answer.partition, 0);
}

TEST_F(UserCodeTest, ACallbackMaySendARecordOfItsOwn) {
  UserCode code;
  code.sends_to = "audit";
  const auto sent = call(core::UserCallKind::Callback, code).run.to_send;
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->topic, core::TopicId{1});
  EXPECT_FALSE(sent->callback) << "nobody hears of it";
}

}  // namespace
}  // namespace linger::sim
