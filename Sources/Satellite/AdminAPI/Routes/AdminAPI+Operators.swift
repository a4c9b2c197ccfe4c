import Accounts
import Hummingbird
import OperatorDoor

extension AdminAPI {
    func addOperators(to group: RouterGroup<DoorContext>) {
        group.get("operators") { _, _ in Answer(OperatorsAnswer(try await self.accounts.operators())) }
        group.post("operators") { request, context in
            let wanted = try await request.decode(as: OperatorRequest.self, context: context)
            let user = try await self.user(wanted.account)
            try await self.accounts.setOperator(wanted.isOperator, user: user.id)
            try await self.accounts.note(
                wanted.isOperator ? "operator.add" : "operator.remove", subject: user.email, by: nil,
                email: "administration API", from: "")
            return Answer(OperatorsAnswer(try await self.accounts.operators()))
        }
    }
}
