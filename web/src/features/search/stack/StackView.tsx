export const StackView = () => <div className="explore-body" />
